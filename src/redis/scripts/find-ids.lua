--[[
  Finds ids with a prefix in the index of one merchant's day. Writes nothing.

  KEYS, all in one slot of a cluster, as `index-entries.lua` and `compact-ids.lua` write them:
    [1] sorted set of the ids that are not in a block
    [2] sorted set of the blocks: first member, \1, number
    [3] the first block; the keys of the others are this one and their number

  ARGV:
    [1] the prefix, in lower case
    [2] maximum number of members to return from blocks, and from outside them

  Returns members: those from blocks in lexical order, then the others in lexical order.
]]
local call = redis.call
local recent, directory, first = KEYS[1], KEYS[2], KEYS[3]
local prefix, limit = ARGV[1], tonumber(ARGV[2])
local from, to = '[' .. prefix, '[' .. prefix .. '\255'

-- The block that the prefix itself would be in, and those whose first member has the prefix.
local entries = call('ZREVRANGEBYLEX', directory, '(' .. prefix, '-', 'LIMIT', 0, 1)
local blocks = { entries[1] and first .. entries[1]:match('%d+$') or first }
for _, entry in ipairs(call('ZRANGEBYLEX', directory, from, to, 'LIMIT', 0, limit)) do
  blocks[#blocks + 1] = first .. entry:match('%d+$')
end

local found = {}
local function read(key, most)
  for _, member in ipairs(call('ZRANGEBYLEX', key, from, to, 'LIMIT', 0, most)) do found[#found + 1] = member end
end
for _, block in ipairs(blocks) do
  if #found >= limit then break end
  read(block, limit - #found)
end
read(recent, limit)
return found
