--[[
  Records that PayCools does not know a subject, and removes records that are too old. Their age is measured by the clock
  of Redis, so that a process with a wrong clock does not delete what others recorded.

  KEYS:
    [1] sorted set of absent subjects by the time when they were first recorded

  ARGV:
    [1] retention, in milliseconds
    [2] time, in milliseconds since 1970
    [3] the subject

  Returns the time when the subject was first recorded.
]]
local time = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time[1] * 1000 - ARGV[1])
redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('ZSCORE', KEYS[1], ARGV[3])
