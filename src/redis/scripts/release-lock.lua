--[[
  Deletes a lock, unless it has expired and may be another holder's.

  KEYS:
    [1] the lock

  ARGV:
    [1] token of the caller

  Returns 1 if it was deleted, else 0.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
