--[[
  Adds open subjects, and removes those that were not added again within the retention. Both use the clock of Redis, so
  that a receiver with a wrong clock does not delete what others added.

  KEYS:
    [1] sorted set of open subjects by the time when they were last added

  ARGV:
    [1]    retention, in milliseconds
    [2 ..] the subjects
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for index = 2, #ARGV do
  redis.call('ZADD', KEYS[1], now, ARGV[index])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
