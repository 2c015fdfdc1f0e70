--[[
  Moves some of the ids of a merchant's day into blocks, in lexical order. Blocks are small sorted sets, which Redis
  stores in a third of the memory of a large one. A block has the ids from its first one up to the first one of the next
  block. All scores are 0, for lexical order. Ids that are too long for a block remain where they are.

  KEYS, all in one slot of a cluster:
    [1] sorted set of the ids that are not in a block, as `index-entries.lua` writes it
    [2] sorted set of the blocks: first member, \1, number
    [3] the first block; the keys of the others are this one and their number

  ARGV:
    [1] rank of the first id to process
    [2] number of ids to process, at most 1000

  Returns the rank to continue at, or -1 at the end.
]]
local call = redis.call
local FULL = 128 -- default of zset-max-listpack-entries
local LONGEST = 64 -- default of zset-max-listpack-value

local ids, directory, first = KEYS[1], KEYS[2], KEYS[3]
local from, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local lifetime = call('PTTL', ids)

-- From the last member to the first: Redis searches for the place of each from the beginning of the block.
local function add(key, members)
  local isNew = call('EXISTS', key) == 0
  local scored = {}
  for i = #members, 1, -1 do
    scored[#scored + 1] = 0
    scored[#scored + 1] = members[i]
  end
  call('ZADD', key, unpack(scored))
  if isNew and lifetime > 0 then call('PEXPIRE', key, lifetime) end
end

local function open(members)
  local number = call('ZCARD', directory) + 1
  add(first .. number, members)
  add(directory, { members[1] .. '\1' .. number })
end

local function blockOf(member)
  local found = call('ZREVRANGEBYLEX', directory, '[' .. member .. '\1\255', '-', 'LIMIT', 0, 1)[1]
  return found and first .. found:match('%d+$') or first
end

-- Makes room for a member of a full block: it begins a new block if it belongs at the end of this one; otherwise the
-- upper half of this block becomes a new one.
local function makeRoom(block, member)
  if call('ZLEXCOUNT', block, '(' .. member, '+') == 0 then return open({ member }) end
  open(call('ZRANGE', block, FULL / 2, -1))
  call('ZREMRANGEBYRANK', block, FULL / 2, -1)
end

-- Adds members, which are in order: if the first and the last belong to one block, so do those between them.
local function place(members, at, to)
  local block = blockOf(members[at])
  if blockOf(members[to]) ~= block then
    local middle = math.floor((at + to) / 2)
    place(members, at, middle)
    return place(members, middle + 1, to)
  end
  local count = call('ZCARD', block)
  local last = math.min(at + FULL - count - 1, to)
  if count < FULL then add(block, { unpack(members, at, last) }) else makeRoom(block, members[at]) end
  if last < to then place(members, last + 1, to) end
end

local found = call('ZRANGE', ids, from, from + most - 1)
local fitting = {}
for _, member in ipairs(found) do
  if #member <= LONGEST then fitting[#fitting + 1] = member end
end
if #fitting > 0 then
  place(fitting, 1, #fitting)
  if #fitting == #found then
    call('ZREMRANGEBYRANK', ids, from, from + #found - 1)
  else
    call('ZREM', ids, unpack(fitting))
  end
end
return #found < most and -1 or from + #found - #fitting
