--[[
  Appends entries to one part of the journal. A repeat takes no entry of its own: it is counted on the entry that it
  repeats. Then entries that are too old or too many are removed; age is measured by the clock of Redis, so that no
  process whose clock is wrong deletes what others wrote.

  KEYS, all in one slot of a cluster:
    [1] the stream
    [2] hash: digests to `id|outcome` of the newest entry with each; `#bytes`: size of all entries
    [3] hash: ids to the number of their repeats; `id@`: time of the last one, in milliseconds since 1970
    [4] list: `id|size|digest` of the entries without a source, the oldest first
    [5] sorted set: sources by the number of their entries
    [6] sorted set of `source|id`, in lexical order

  ARGV:
    [1] most entries
    [2] most bytes
    [3] how long an entry is kept, in milliseconds
  then seven for each entry:
    [1] digest of what its repeats have in common; empty where nothing is a repeat of it
    [2] outcome: a `duplicate` repeats whatever has its digest, everything else only its like
    [3] how many times it was received
    [4] its source where entries of one source may not push out those of others, else empty
    [5] meta  [6] form of the body  [7] body

  Returns the id of each entry, empty for a repeat.
]]
local call = redis.call
local FIRST_ENTRY, STRIDE = 4, 7
local stream, digests, repeats, order, sources, members = unpack(KEYS)
local maxEntries, maxBytes, lifetime = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function timeOf(id)
  return tonumber(string.match(id, '%d+'))
end

local function repeated(id, count)
  call('HINCRBY', repeats, id, count)
  call('HSET', repeats, id .. '@', now)
end

local function isOlder(id, other)
  local ms, sequence = string.match(id, '(%d+)-(%d+)')
  local otherMs, otherSequence = string.match(other, '(%d+)-(%d+)')
  if ms ~= otherMs then return tonumber(ms) < tonumber(otherMs) end
  return tonumber(sequence) < tonumber(otherSequence)
end

-- What all entries of the call add, written at once at the end.
local leading, ordered, size = {}, {}, 0

local function append(at, known)
  local digest, outcome, count, source = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
  if known and digest ~= '' then
    local bar = string.find(known, '|', 1, true)
    if outcome == 'duplicate' or outcome == string.sub(known, bar + 1) then
      repeated(string.sub(known, 1, bar - 1), count)
      return ''
    end
  end
  local meta, form, body = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  local own, id = #meta + #body, nil
  size = size + own
  if source == '' then
    id = call('XADD', stream, '*', 'meta', meta, form, body)
    ordered[#ordered + 1] = id .. '|' .. own .. '|' .. digest
  else
    id = call('XADD', stream, '*', 'meta', meta, form, body, 'digest', digest, 'source', source, 'size', own)
    call('ZINCRBY', sources, 1, source)
    call('ZADD', members, 0, source .. '|' .. id)
  end
  if digest ~= '' then
    leading[#leading + 1] = digest
    leading[#leading + 1] = id .. '|' .. outcome
  end
  if count > 1 then repeated(id, count - 1) end
  return id
end

-- The caller counts repeats among the entries of one call itself, so none of these repeats another one.
local function appendAll()
  local wanted, ids = {}, {}
  for at = FIRST_ENTRY, #ARGV, STRIDE do
    wanted[#wanted + 1] = ARGV[at]
  end
  local known = call('HMGET', digests, unpack(wanted))
  for number = 1, #wanted do
    ids[number] = append(FIRST_ENTRY + (number - 1) * STRIDE, known[number])
  end
  if #leading > 0 then call('HSET', digests, unpack(leading)) end
  if #ordered > 0 then call('RPUSH', order, unpack(ordered)) end
  if size > 0 then call('HINCRBY', digests, '#bytes', size) end
  return ids
end

-- An entry of the stream, as far as it says what to remove with it.
local function entryOf(found)
  local fields = found[2]
  return { id = found[1], digest = fields[6] or '', source = fields[8] or '', size = tonumber(fields[10]) or 0 }
end

-- The oldest entries. Those without a source are in the list, which saves reading their bodies; but for those that
-- version 0.1 wrote, which are older than all of it.
local function oldest(count)
  local first = call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  if not first then return {} end
  local found = {}
  for _, item in ipairs(call('LRANGE', order, 0, count - 1)) do
    local id, own, digest = string.match(item, '^([^|]+)|(%d+)|(.*)$')
    found[#found + 1] = { id = id, digest = digest, source = '', size = tonumber(own), isListed = true }
  end
  if found[1] and not isOlder(first[1], found[1].id) then return found end
  found = {}
  for _, entry in ipairs(call('XRANGE', stream, '-', '+', 'COUNT', count)) do found[#found + 1] = entryOf(entry) end
  return found
end

-- Removes entries. Of the digests only those go that still lead to them.
local function remove(entries)
  local ids, counts, names, listed, freed = {}, {}, {}, 0, 0
  for number, entry in ipairs(entries) do
    ids[number], counts[2 * number - 1], counts[2 * number] = entry.id, entry.id, entry.id .. '@'
    freed = freed + entry.size
    if entry.digest ~= '' then names[#names + 1] = entry end
    if entry.isListed then listed = listed + 1 end
    if entry.source ~= '' then
      call('ZREM', members, entry.source .. '|' .. entry.id)
      if tonumber(call('ZINCRBY', sources, -1, entry.source)) <= 0 then call('ZREM', sources, entry.source) end
    end
  end
  call('XDEL', stream, unpack(ids))
  call('HDEL', repeats, unpack(counts))
  call('HINCRBY', digests, '#bytes', -freed)
  if listed > 0 then call('LTRIM', order, listed, -1) end
  if #names == 0 then return end
  local wanted, dead = {}, {}
  for number, entry in ipairs(names) do wanted[number] = entry.digest end
  for number, value in ipairs(call('HMGET', digests, unpack(wanted))) do
    local entry = names[number]
    if value and string.sub(value, 1, #entry.id + 1) == entry.id .. '|' then dead[#dead + 1] = entry.digest end
  end
  if #dead > 0 then call('HDEL', digests, unpack(dead)) end
end

-- The source with the most entries gives up its oldest one; null where no source is noted.
local function victim()
  local source = call('ZREVRANGE', sources, 0, 0)[1]
  if not source then return nil end
  local member = call('ZRANGEBYLEX', members, '[' .. source .. '|', '[' .. source .. '|~', 'LIMIT', 0, 1)[1]
  if not member then return nil end
  local id = string.sub(member, #source + 2)
  local found = call('XRANGE', stream, id, id)[1]
  return found and entryOf(found)
end

-- Removes the oldest entries that are too old or too many; where sources are noted, those of the loudest one.
local function trim(budget)
  local count = call('XLEN', stream) - maxEntries
  local bytes = tonumber(call('HGET', digests, '#bytes') or 0) - maxBytes
  local entries = oldest(math.max(1, math.min(count, budget)))
  local due = {}
  for _, entry in ipairs(entries) do
    local isOld = timeOf(entry.id) < now - lifetime
    if not isOld and count <= 0 and bytes <= 0 then break end
    if not isOld and call('EXISTS', sources) == 1 then break end
    due[#due + 1] = entry
    count = count - 1
    bytes = bytes - entry.size
  end
  if #due > 0 then
    remove(due)
    return #due
  end
  if count <= 0 and bytes <= 0 then return 0 end
  local loudest = victim() or entries[1]
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
  call('PEXPIRE', key, lifetime)
end
return ids
