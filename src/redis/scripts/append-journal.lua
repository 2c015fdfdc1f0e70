--[[
  Appends entries to one part of the journal. A repeat is not appended, but counted on the entry that it repeats. Then
  removes entries that are too old or too many. Their age is measured by the clock of Redis, so that a process with a
  wrong clock does not delete what others wrote.

  KEYS, all in one slot of a cluster:
    [1] the stream
    [2] hash: digest -> `id|outcome` of the newest entry with it; `#bytes` -> size of all entries
    [3] hash: id -> number of its repeats; `id@` -> time of the last one, in milliseconds since 1970
    [4] list: `id|size|digest` of each entry without a source, oldest first
    [5] sorted set: sources by the number of their entries
    [6] sorted set: `source|id`, in lexical order

  ARGV:
    [1] maximum number of entries
    [2] maximum size of all entries, in bytes
    [3] retention, in milliseconds
  then seven for each entry:
    [1] digest, the same for all of its repeats; empty when nothing can repeat it
    [2] outcome: a `duplicate` repeats any entry with its digest, others only one with the same outcome
    [3] how many times it was received
    [4] its source, if entries of one source must not displace those of others; otherwise empty
    [5] metadata  [6] form of the body  [7] body

  Returns the id of each entry, empty for a repeat.
]]
local call = redis.call
local FIRST_ENTRY, ARGS_PER_ENTRY = 4, 7
local stream, digests, repeats, order, sources, members = unpack(KEYS)
local maxEntries, maxBytes, lifetime = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function timeOf(id)
  return tonumber(string.match(id, '%d+'))
end

local function countRepeats(id, count)
  call('HINCRBY', repeats, id, count)
  call('HSET', repeats, id .. '@', now)
end

local function isOlder(id, other)
  local ms, sequence = string.match(id, '(%d+)-(%d+)')
  local otherMs, otherSequence = string.match(other, '(%d+)-(%d+)')
  if ms ~= otherMs then return tonumber(ms) < tonumber(otherMs) end
  return tonumber(sequence) < tonumber(otherSequence)
end

-- What the new entries add to the other keys; written in one command per key.
local newDigests, newOrder, newBytes = {}, {}, 0

local function append(at, known)
  local digest, outcome, count, source = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
  if known and digest ~= '' then
    local bar = string.find(known, '|', 1, true)
    if outcome == 'duplicate' or outcome == string.sub(known, bar + 1) then
      countRepeats(string.sub(known, 1, bar - 1), count)
      return ''
    end
  end
  local meta, form, body = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  local size, id = #meta + #body, nil
  newBytes = newBytes + size
  if source == '' then
    id = call('XADD', stream, '*', 'meta', meta, form, body)
    newOrder[#newOrder + 1] = id .. '|' .. size .. '|' .. digest
  else
    id = call('XADD', stream, '*', 'meta', meta, form, body, 'digest', digest, 'source', source, 'size', size)
    call('ZINCRBY', sources, 1, source)
    call('ZADD', members, 0, source .. '|' .. id)
  end
  if digest ~= '' then
    newDigests[#newDigests + 1] = digest
    newDigests[#newDigests + 1] = id .. '|' .. outcome
  end
  if count > 1 then countRepeats(id, count - 1) end
  return id
end

-- The caller counts repeats among the entries of one call, so none of these repeats another.
local function appendAll()
  local wanted, ids = {}, {}
  for at = FIRST_ENTRY, #ARGV, ARGS_PER_ENTRY do
    wanted[#wanted + 1] = ARGV[at]
  end
  local known = call('HMGET', digests, unpack(wanted))
  for number = 1, #wanted do
    ids[number] = append(FIRST_ENTRY + (number - 1) * ARGS_PER_ENTRY, known[number])
  end
  if #newDigests > 0 then call('HSET', digests, unpack(newDigests)) end
  if #newOrder > 0 then call('RPUSH', order, unpack(newOrder)) end
  if newBytes > 0 then call('HINCRBY', digests, '#bytes', newBytes) end
  return ids
end

-- What is needed of a stream entry to remove it.
local function entryOf(found)
  local fields = found[2]
  return { id = found[1], digest = fields[6] or '', source = fields[8] or '', size = tonumber(fields[10]) or 0 }
end

-- The oldest entries. Those without a source are in the list, which saves reading their bodies. Entries of version 0.1
-- are not listed; they are older than everything in the list.
local function oldest(count)
  local first = call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  if not first then return {} end
  local found = {}
  for _, item in ipairs(call('LRANGE', order, 0, count - 1)) do
    local id, size, digest = string.match(item, '^([^|]+)|(%d+)|(.*)$')
    found[#found + 1] = { id = id, digest = digest, source = '', size = tonumber(size), isListed = true }
  end
  if found[1] and not isOlder(first[1], found[1].id) then return found end
  found = {}
  for _, entry in ipairs(call('XRANGE', stream, '-', '+', 'COUNT', count)) do found[#found + 1] = entryOf(entry) end
  return found
end

-- Removes entries, and those of their digests that still lead to them.
local function remove(entries)
  local ids, counts, withDigest, listed, freed = {}, {}, {}, 0, 0
  for number, entry in ipairs(entries) do
    ids[number], counts[2 * number - 1], counts[2 * number] = entry.id, entry.id, entry.id .. '@'
    freed = freed + entry.size
    if entry.digest ~= '' then withDigest[#withDigest + 1] = entry end
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
  if #withDigest == 0 then return end
  local wanted, dead = {}, {}
  for number, entry in ipairs(withDigest) do wanted[number] = entry.digest end
  for number, value in ipairs(call('HMGET', digests, unpack(wanted))) do
    local entry = withDigest[number]
    if value and string.sub(value, 1, #entry.id + 1) == entry.id .. '|' then dead[#dead + 1] = entry.digest end
  end
  if #dead > 0 then call('HDEL', digests, unpack(dead)) end
end

-- The oldest entry of the source with the most entries; nil when no entry has a source.
local function oldestOfLoudest()
  local source = call('ZREVRANGE', sources, 0, 0)[1]
  if not source then return nil end
  local member = call('ZRANGEBYLEX', members, '[' .. source .. '|', '[' .. source .. '|~', 'LIMIT', 0, 1)[1]
  if not member then return nil end
  local id = string.sub(member, #source + 2)
  local found = call('XRANGE', stream, id, id)[1]
  return found and entryOf(found)
end

-- Removes the oldest entries that are too old or too many. If entries have sources, surplus ones are taken from the
-- loudest source, one per call. Returns how many were removed.
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
  local surplus = oldestOfLoudest() or entries[1]
  if not surplus then return 0 end
  remove({ surplus })
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
