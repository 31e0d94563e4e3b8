-- Makes a thread an alias of one given before it.
-- KEYS: locks, aliases, epochs, log, trimmed. ARGV: thread, epoch, the thread given first, lines of the log
local lock = redis.call('HGET', KEYS[1], 't' .. ARGV[1])
if lock then return {'busy', 't' .. ARGV[1], lock, redis.call('TIME')[1]} end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return {'again'} end
if (redis.call('HGET', KEYS[3], ARGV[1]) or '') ~= ARGV[2] then return {'again'} end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
redis.call('RPUSH', KEYS[4], 'dt' .. ARGV[1])
if redis.call('LLEN', KEYS[4]) > tonumber(ARGV[4]) then
  redis.call('LPOP', KEYS[4])
  redis.call('INCR', KEYS[5])
end
return {'done'}
