-- Says of a thread that is locked by this token what its first link is, or what it is an alias of.
-- KEYS: locks, threads, aliases, epochs. ARGV: token, thread, first link, alias
local lock = redis.call('HGET', KEYS[1], 't' .. ARGV[2])
if not lock or string.sub(lock, 1, 16) ~= ARGV[1] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[2], ARGV[2]) else redis.call('HSET', KEYS[2], ARGV[2], ARGV[3]) end
if ARGV[4] == '' then redis.call('HDEL', KEYS[3], ARGV[2]) else redis.call('HSET', KEYS[3], ARGV[2], ARGV[4]) end
redis.call('HINCRBY', KEYS[4], ARGV[2], 1)
return 1
