--[[
  Adds journal entries to the index of one merchant's day.

  KEYS, all in one slot of a cluster:
    [1 .. n]   hashes that the caller has not written before, so that they may need a lifetime
    [n + 1]    sorted set of ids in lower case, each with its subject; all scores are 0, for lexical order
    [n + 2 ..] the hashes to write: subject -> what happened to it, request -> entry

  ARGV:
    [1]        n
    [2 .. n+1] lifetime of each of the first n keys, in milliseconds
    then       lifetime of the sorted set, in milliseconds
    then       number of members, and the members, each after its score
    then       for each hash: number of its fields and values together, and these in turn
]]
local call = redis.call
local LIMIT = 7000 -- maximum number of values to unpack at once

local n = tonumber(ARGV[1])
local ids, lifetime, at = KEYS[n + 1], ARGV[n + 2], n + 3

local last = at + 2 * tonumber(ARGV[at])
for from = at + 1, last, LIMIT do
  call('ZADD', ids, unpack(ARGV, from, math.min(from + LIMIT - 1, last)))
end
if call('PTTL', ids) == -1 then call('PEXPIRE', ids, lifetime) end
at = last + 1

for k = n + 2, #KEYS do
  last = at + tonumber(ARGV[at])
  call('HSET', KEYS[k], unpack(ARGV, at + 1, last))
  at = last + 1
end
for k = 1, n do
  if call('PTTL', KEYS[k]) == -1 then call('PEXPIRE', KEYS[k], ARGV[k + 1]) end
end
return 1
