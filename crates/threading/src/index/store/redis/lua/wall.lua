-- Adds a split to those that wall a link off, or takes it out.
-- KEYS: walls. ARGV: link, split, 1 to add
local out = ''
local known = redis.call('HGET', KEYS[1], ARGV[1]) or ''
for i = 1, #known, 8 do
  local split = string.sub(known, i, i + 7)
  if split ~= ARGV[2] then out = out .. split end
end
if ARGV[3] == '1' then out = out .. ARGV[2] end
if out == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], out) end
return 1
