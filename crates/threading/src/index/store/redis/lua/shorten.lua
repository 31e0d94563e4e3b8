-- Shortens the way from a link or a thread to its thread, where it still leads where it did.
-- KEYS: nodes or aliases, locks. ARGV: field, locked field, value before, value after
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 0 and redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[3] then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
end
return 1
