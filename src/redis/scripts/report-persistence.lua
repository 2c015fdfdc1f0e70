--[[
  Returns what INFO reports about persistence.

  KEYS:
    [1] any key of the node that is asked, in a cluster
]]
return redis.call('INFO', 'persistence')
