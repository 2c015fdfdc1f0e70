--[[
  Ends an effect, unless the caller's lease has expired and may be another worker's: replaces the lease by a mark, or
  deletes it.

  KEYS:
    [1] the lease of the effect

  ARGV:
    [1] value of the caller's lease
    [2] the mark, or '' to delete the lease
    [3] how long the mark is kept, in milliseconds

  Returns 1 if the lease was the caller's, else 0.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
