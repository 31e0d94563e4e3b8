-- The links of one message that are in this shard.
-- KEYS: nodes locks walls threads aliases log clock trimmed [set of the home]
-- ARGV: shard, message, home, lines of the log, number of links; the links; the other links of the message
local count = tonumber(ARGV[5])
local walls = {'wall'}
for i = 6, 5 + count do
  local lock = redis.call('HGET', KEYS[2], 'i' .. ARGV[i])
  if lock then return {'busy', 'i' .. ARGV[i], lock, redis.call('TIME')[1]} end
  local wall = redis.call('HGET', KEYS[3], ARGV[i])
  if wall then
    walls[#walls + 1] = ARGV[i]
    walls[#walls + 1] = wall
  end
end
if #walls > 1 then return walls end
local function log(line)
  redis.call('RPUSH', KEYS[6], line)
  if redis.call('LLEN', KEYS[6]) > tonumber(ARGV[4]) then
    redis.call('LPOP', KEYS[6])
    redis.call('INCR', KEYS[8])
  end
end
local out = {'in'}
for i = 6, 5 + count do
  local link, new = ARGV[i], 0
  local is_home = link == ARGV[3]
  local at = redis.call('HGET', KEYS[1], link)
  if not at then
    new = 1
    if is_home then
      -- a thread begins: its id is the time in microseconds since 2020, and the shard
      local now = redis.call('TIME')
      local time = (tonumber(now[1]) - 1577836800) * 1000000 + tonumber(now[2])
      local last = tonumber(redis.call('GET', KEYS[7]) or '0')
      if time <= last then time = last + 1 end
      redis.call('SET', KEYS[7], string.format('%.0f', time))
      local thread = struct.pack('>I4I4', math.floor(time / 262144), (time % 262144) * 16384 + tonumber(ARGV[1]))
      at = 't' .. thread
      redis.call('HSET', KEYS[4], thread, link)
      log('ct' .. thread)
    else
      at = 'i' .. ARGV[3]
    end
    redis.call('HSET', KEYS[1], link, at)
  end
  if is_home then
    if redis.call('SADD', KEYS[9], 'm' .. ARGV[2]) == 1 and new == 0 then log('ui' .. link) end
    for child = 6 + count, #ARGV do redis.call('SADD', KEYS[9], 'i' .. ARGV[child]) end
  end
  local alias = ''
  if string.sub(at, 1, 1) == 't' then alias = redis.call('HGET', KEYS[5], string.sub(at, 2)) or '' end
  out[#out + 1] = {new, at, alias}
end
return out
