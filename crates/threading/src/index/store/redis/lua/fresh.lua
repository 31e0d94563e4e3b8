-- Numbers never given before.
-- KEYS: clock. ARGV: shard, how many
local now = redis.call('TIME')
local time = (tonumber(now[1]) - 1577836800) * 1000000 + tonumber(now[2])
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
local out = {}
for i = 1, tonumber(ARGV[2]) do
  if time <= last then time = last + 1 end
  last = time
  out[i] = struct.pack('>I4I4', math.floor(time / 262144), (time % 262144) * 16384 + tonumber(ARGV[1]))
end
redis.call('SET', KEYS[1], string.format('%.0f', last))
return out
