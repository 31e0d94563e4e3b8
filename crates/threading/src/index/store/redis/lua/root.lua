-- Of a thread: what it is an alias of, how often it was formed anew, and its first link.
-- KEYS: aliases, epochs, threads. ARGV: thread
local alias = redis.call('HGET', KEYS[1], ARGV[1]) or ''
return {alias, redis.call('HGET', KEYS[2], ARGV[1]) or '', redis.call('HGET', KEYS[3], ARGV[1]) or ''}
