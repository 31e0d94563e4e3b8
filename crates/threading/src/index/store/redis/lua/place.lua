-- Puts a locked link where it belongs, with all that is at it, and unlocks it. An empty place takes it out.
-- KEYS: locks, nodes, its set. ARGV: token, link, place, the set
local lock = redis.call('HGET', KEYS[1], 'i' .. ARGV[2])
if not lock or string.sub(lock, 1, 16) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[3])
if ARGV[3] == '' then redis.call('HDEL', KEYS[2], ARGV[2]) else redis.call('HSET', KEYS[2], ARGV[2], ARGV[3]) end
for i = 4, #ARGV do redis.call('SADD', KEYS[3], ARGV[i]) end
redis.call('HDEL', KEYS[1], 'i' .. ARGV[2])
return 1
