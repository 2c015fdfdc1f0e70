--[[
  Notes that PayCools did not know a subject, and forgets notes that are too old. How old is measured by the clock of
  Redis: a process whose clock is wrong must not delete what others noted.

  KEYS:
    [1] the sorted set of absent subjects

  ARGV:
    [1] how long a note is kept, in milliseconds
    [2] time of the note, in milliseconds since 1970
    [3] the subject

  Returns the time of the first note about the subject.
]]
local time = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time[1] * 1000 - ARGV[1])
redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('ZSCORE', KEYS[1], ARGV[3])
