--[[
  Returns the persistence section of INFO.

  KEYS:
    [1] any key, which decides the node of a cluster
]]
return redis.call('INFO', 'persistence')
