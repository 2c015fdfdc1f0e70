--[[
  Ends an effect: forgets it, or marks it, only while the lease is ours. It may have expired, and another worker may have
  started.

  KEYS:
    [1] the lease of the effect

  ARGV:
    [1] what the lease holds while it is ours
    [2] the mark to leave, or '' to forget the effect
    [3] how long the mark is kept, in milliseconds

  Returns 1 when it was ours, else 0.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
