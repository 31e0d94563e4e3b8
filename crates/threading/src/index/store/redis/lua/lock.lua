-- Locks links and threads of this shard: where they lead.
-- KEYS: locks, nodes, threads, aliases. ARGV: token, seconds, the fields
local now = tonumber(redis.call('TIME')[1])
for i = 3, #ARGV do
  local lock = redis.call('HGET', KEYS[1], ARGV[i])
  if lock and string.sub(lock, 1, 16) ~= ARGV[1] then return {'busy', ARGV[i], lock, tostring(now)} end
end
local out = {'done'}
for i = 3, #ARGV do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[1] .. string.format('%.0f', now + tonumber(ARGV[2])))
  local name = string.sub(ARGV[i], 2)
  if string.sub(ARGV[i], 1, 1) == 'i' then
    out[#out + 1] = {redis.call('HGET', KEYS[2], name) or ''}
  else
    out[#out + 1] = {redis.call('HGET', KEYS[3], name) or '', redis.call('HGET', KEYS[4], name) or ''}
  end
end
return out
