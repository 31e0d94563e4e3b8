-- Keeps a message unless there is one with its key: what there was.
-- KEYS: messages. ARGV: key, octets, how many messages this shard may hold
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then return {'known', known} end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return {'full'} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return {'new'}
