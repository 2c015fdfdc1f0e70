--[[
  Deletes a lock while it is still the caller's: it may have expired and be another holder's.

  KEYS:
    [1] the lock

  ARGV:
    [1] token of the holder

  Returns 1 when it was deleted, else 0.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
