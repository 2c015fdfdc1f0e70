--[[
  Notes subjects that are pending, and forgets those that nobody has noted again within the retention. Both by the clock
  of Redis: a receiver whose clock is wrong must not delete what others noted.

  KEYS:
    [1] the sorted set of pending subjects

  ARGV:
    [1] retention, in milliseconds
    [2] … the subjects
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for index = 2, #ARGV do
  redis.call('ZADD', KEYS[1], now, ARGV[index])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
