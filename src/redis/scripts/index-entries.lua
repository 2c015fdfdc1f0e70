--[[
  Adds journal entries to the index of one merchant's day. All keys are in one slot of a cluster.

  KEYS, first those whose lifetime is set, because the caller has not written to them before; then those that are written:
    [1 .. n]   keys that get a lifetime at the end
    [n + 1]    sorted set of ids, lower case, each with its subject; all scores are 0, so members are in lexical order
    [n + 2 ..] hashes: what happened to subjects, events to subjects, requests to entries

  ARGV:
    [1]        n
    [2 .. n+1] lifetime of each of the first n keys, in milliseconds
    then       how many members follow, and the members of the sorted set
    then       for each hash: how many fields and values follow, and these
]]
local call = redis.call
local LIMIT = 7000 -- what unpack takes

local n = tonumber(ARGV[1])
local at = n + 2
local members = tonumber(ARGV[at])
local scored = {}
for i = at + 1, at + members do
  scored[#scored + 1] = 0
  scored[#scored + 1] = ARGV[i]
end
for i = 1, #scored, LIMIT - 1 do
  call('ZADD', KEYS[n + 1], unpack(scored, i, math.min(i + LIMIT - 2, #scored)))
end
at = at + members + 1
for k = n + 2, #KEYS do
  local count = tonumber(ARGV[at])
  call('HSET', KEYS[k], unpack(ARGV, at + 1, at + count))
  at = at + count + 1
end
for k = 1, n do
  if call('PTTL', KEYS[k]) == -1 then call('PEXPIRE', KEYS[k], ARGV[k + 1]) end
end
return 1
