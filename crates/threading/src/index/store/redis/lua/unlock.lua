-- KEYS: locks. ARGV: token, the fields
for i = 2, #ARGV do
  local lock = redis.call('HGET', KEYS[1], ARGV[i])
  if lock and string.sub(lock, 1, 16) == ARGV[1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
return 1
