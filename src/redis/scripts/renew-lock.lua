--[[
  Prolongs a lock while it is still the caller's: it may have expired and be another holder's.

  KEYS:
    [1] the lock

  ARGV:
    [1] token of the holder
    [2] how long it lasts from now, in milliseconds

  Returns 1 when it was prolonged, else 0.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
