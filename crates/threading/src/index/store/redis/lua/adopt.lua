-- Notes at the thread given first that another one is to be its alias.
-- KEYS: locks, aliases, epochs, set of its first link. ARGV: thread, epoch, the other thread
local lock = redis.call('HGET', KEYS[1], 't' .. ARGV[1])
if lock then return {'busy', 't' .. ARGV[1], lock, redis.call('TIME')[1]} end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return {'again'} end
if (redis.call('HGET', KEYS[3], ARGV[1]) or '') ~= ARGV[2] then return {'again'} end
redis.call('SADD', KEYS[4], 't' .. ARGV[3])
return {'done'}
