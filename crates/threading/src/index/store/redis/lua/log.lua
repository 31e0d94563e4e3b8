-- KEYS: log, trimmed. ARGV: lines of the log, the lines
for i = 2, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[i]) end
while redis.call('LLEN', KEYS[1]) > tonumber(ARGV[1]) do
  redis.call('LPOP', KEYS[1])
  redis.call('INCR', KEYS[2])
end
return 1
