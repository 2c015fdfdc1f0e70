--[[
  Adds journal entries to the index of one merchant's day. All keys are in one slot of a cluster.

  Ids are kept in blocks: small sorted sets, which Redis stores in a fifth of the memory of a large one. Each block has
  the ids from its own first one up to the first one of the next block; a full one is split. All scores are 0, so members
  are in lexical order.

  KEYS, first those whose lifetime is set, because the caller has not written to them before; then those that are written:
    [1 .. n]   keys that get a lifetime at the end
    [n + 1]    sorted set of the blocks: first member, \1, number
    [n + 2]    the first block: ids, lower case, each with its subject; the others are this key with their number
    [n + 3]    sorted set of the members that do not fit into a block
    [n + 4 ..] hashes: what happened to subjects, events to subjects, requests to entries

  ARGV:
    [1]        n
    [2 .. n+1] lifetime of each of the first n keys, in milliseconds
    then       lifetime of the sorted sets, in milliseconds
    then       how many members follow, and the members of the blocks, in lexical order
    then       how many other members follow, and these
    then       for each hash: how many fields and values follow, and these
]]
local call = redis.call
local LIMIT = 7000 -- what unpack takes
local FULL = 128 -- zset-max-listpack-entries, as Redis has it unless it is changed

local n = tonumber(ARGV[1])
local lifetime = ARGV[n + 2]
local directory, first, others = KEYS[n + 1], KEYS[n + 2], KEYS[n + 3]

local function add(key, members, isNew)
  local scored = {}
  for i = 1, #members do
    scored[2 * i - 1] = 0
    scored[2 * i] = members[i]
  end
  for i = 1, #scored, LIMIT do
    call('ZADD', key, unpack(scored, i, math.min(i + LIMIT - 1, #scored)))
  end
  if isNew then call('PEXPIRE', key, lifetime) end
end

local known = {} -- what blockOf found since the last split
local function blockOf(member)
  if not known[member] then
    local found = call('ZREVRANGEBYLEX', directory, '[' .. member .. '\1\255', '-', 'LIMIT', 0, 1)[1]
    known[member] = found and first .. found:match('%d+$') or first
  end
  return known[member]
end

-- Moves the upper half of a block into a new one.
local function split(block)
  local upper = call('ZRANGE', block, FULL / 2, -1)
  local number = call('ZCARD', directory) + 1
  add(first .. number, upper, true)
  add(directory, { upper[1] .. '\1' .. number }, number == 1)
  call('ZREMRANGEBYRANK', block, FULL / 2, -1)
  known = {}
end

-- Adds members, which are in order: where the first and the last belong to one block, so do all between them.
local function place(members, from, to)
  local block = blockOf(members[from])
  if blockOf(members[to]) ~= block then
    local middle = math.floor((from + to) / 2)
    place(members, from, middle)
    return place(members, middle + 1, to)
  end
  local count = call('ZCARD', block)
  local last = math.min(from + FULL - count - 1, to)
  if count < FULL then add(block, { unpack(members, from, last) }, count == 0) else split(block) end
  if last < to then place(members, last + 1, to) end
end

local at = n + 3
local function nextMembers()
  local count = tonumber(ARGV[at])
  local members = { unpack(ARGV, at + 1, at + count) }
  at = at + count + 1
  return members
end

local members = nextMembers()
if #members > 0 then place(members, 1, #members) end
local rest = nextMembers()
if #rest > 0 then add(others, rest, call('EXISTS', others) == 0) end

for k = n + 4, #KEYS do
  call('HSET', KEYS[k], unpack(nextMembers()))
end
for k = 1, n do
  if call('PTTL', KEYS[k]) == -1 then call('PEXPIRE', KEYS[k], ARGV[k + 1]) end
end
return 1
