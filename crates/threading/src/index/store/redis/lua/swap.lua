-- Replaces a message that is as expected, or takes it out where the new octets are empty.
-- KEYS: messages. ARGV: key, octets before, octets after
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
