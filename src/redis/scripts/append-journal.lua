--[[
  Appends entries to one part of the journal. A repeat takes no entry of its own: it is counted on the entry that it
  repeats. Then entries that are too old or too many are removed; age is measured by the clock of Redis, so that no
  process whose clock is wrong deletes what others wrote.

  KEYS, all in one slot of a cluster:
    [1] the stream
    [2] hash: keys of entries to their ids; `#bytes`: size of all entries
    [3] hash: ids to the number of their repeats; `id@`: time of the last one, in milliseconds since 1970
    [4] sorted set: sources by the number of their entries
    [5] sorted set of `source|id`, in lexical order

  ARGV:
    [1] most entries
    [2] most bytes
    [3] how long an entry is kept, in milliseconds
  then seven for each entry:
    [1] its key, `outcome:digest`; empty where nothing is a repeat of it
    [2] the key of the entry that it may repeat: its own, or `*:digest` for any outcome
    [3] how many times it was received
    [4] its source where entries of one source may not push out those of others, else empty
    [5] meta  [6] form of the body  [7] body

  Returns the id of each entry, empty for a repeat.
]]
local call = redis.call
local FIRST_ENTRY, STRIDE = 4, 7
local stream, index, repeats, sources, members = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local time = call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- Whatever its outcome, `*:digest` leads to the newest entry with that digest.
local function anyKey(key)
  return '*' .. string.match(key, ':.*')
end

local keyFields, size = {}, 0 -- what all entries of the call add to the index

local function repeated(id, count)
  call('HINCRBY', repeats, id, count)
  call('HSET', repeats, id .. '@', now)
end

local function append(at, known)
  local key, count, source = ARGV[at], tonumber(ARGV[at + 2]), ARGV[at + 3]
  if known then
    repeated(known, count)
    return ''
  end
  local meta, form, body = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  local own = #meta + #body
  local id = call('XADD', stream, '*', 'meta', meta, form, body, 'key', key, 'source', source, 'size', own)
  size = size + own
  if key ~= '' then
    local fields = { key, id, anyKey(key), id }
    for i = 1, 4 do keyFields[#keyFields + 1] = fields[i] end
  end
  if source ~= '' then
    call('ZINCRBY', sources, 1, source)
    call('ZADD', members, 0, source .. '|' .. id)
  end
  if count > 1 then repeated(id, count - 1) end
  return id
end

-- The caller counts repeats among the entries of one call itself, so none of these repeats another one.
local function appendAll()
  local keys, ids = {}, {}
  for at = FIRST_ENTRY, #ARGV, STRIDE do
    keys[#keys + 1] = ARGV[at + 1]
  end
  local known = call('HMGET', index, unpack(keys))
  for number, repeatOf in ipairs(keys) do
    ids[number] = append(FIRST_ENTRY + (number - 1) * STRIDE, repeatOf ~= '' and known[number])
  end
  if #keyFields > 0 then call('HSET', index, unpack(keyFields)) end
  if size > 0 then call('HINCRBY', index, '#bytes', size) end
  return ids
end

-- Removes entries. Of the keys only those go that still lead to them.
local function remove(entries)
  local ids, counts, names, owners, freed = {}, {}, {}, {}, 0
  for _, entry in ipairs(entries) do
    local id, fields = entry[1], entry[2]
    ids[#ids + 1] = id
    counts[#counts + 1] = id
    counts[#counts + 1] = id .. '@'
    local key, source = fields[6], fields[8]
    freed = freed + (tonumber(fields[10]) or 0) -- none in those of a version that counted nothing
    if key and key ~= '' then
      for _, name in ipairs({ key, anyKey(key) }) do
        names[#names + 1] = name
        owners[#owners + 1] = id
      end
    end
    if source and source ~= '' then
      call('ZREM', members, source .. '|' .. id)
      if tonumber(call('ZINCRBY', sources, -1, source)) <= 0 then call('ZREM', sources, source) end
    end
  end
  call('XDEL', stream, unpack(ids))
  call('HDEL', repeats, unpack(counts))
  call('HINCRBY', index, '#bytes', -freed)
  if #names == 0 then return end
  local leading, dead = call('HMGET', index, unpack(names)), {}
  for i, name in ipairs(names) do
    if leading[i] == owners[i] then dead[#dead + 1] = name end
  end
  if #dead > 0 then call('HDEL', index, unpack(dead)) end
end

-- The source with the most entries gives up its oldest one; null where no source is noted.
local function victim()
  local source = call('ZREVRANGE', sources, 0, 0)[1]
  if not source then return nil end
  local member = call('ZRANGEBYLEX', members, '[' .. source .. '|', '[' .. source .. '|~', 'LIMIT', 0, 1)[1]
  if not member then return nil end
  local id = string.sub(member, #source + 2)
  return call('XRANGE', stream, id, id)[1]
end

local function isOld(entry)
  return tonumber(string.match(entry[1], '%d+')) < now - tonumber(ARGV[3])
end

-- How many entries, and bytes, are too many.
local function excess()
  return call('XLEN', stream) - tonumber(ARGV[1]), tonumber(call('HGET', index, '#bytes') or 0) - tonumber(ARGV[2])
end

-- Removes the oldest entries that are too old or too many; where sources are noted, those of the loudest one.
local function trim(budget)
  local count, bytes = excess()
  local oldest = call('XRANGE', stream, '-', '+', 'COUNT', math.max(1, math.min(count, budget)))
  local due = {}
  for _, entry in ipairs(oldest) do
    local isFull = count > 0 or bytes > 0
    if not isOld(entry) and not isFull then break end
    if not isOld(entry) and call('EXISTS', sources) == 1 then break end
    due[#due + 1] = entry
    count = count - 1
    bytes = bytes - (tonumber(entry[2][10]) or 0)
  end
  if #due > 0 then
    remove(due)
    return #due
  end
  if count <= 0 and bytes <= 0 then return 0 end
  local loudest = victim() or oldest[1]
  if not loudest then return 0 end
  remove({ loudest })
  return 1
end

local ids = appendAll()
local budget = 2 * #ids + 10
while budget > 0 do
  local removed = trim(budget)
  if removed == 0 then break end
  budget = budget - removed
end
for _, key in ipairs(KEYS) do
  call('PEXPIRE', key, ARGV[3])
end
return ids
