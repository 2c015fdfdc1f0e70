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
local STRIDE = 7
local stream, index, repeats, sources, members = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local time = call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- Whatever its outcome, `*:digest` leads to the newest entry with that digest.
local function anyKey(key)
  return '*' .. string.match(key, ':.*')
end

local function repeated(id, count)
  call('HINCRBY', repeats, id, count)
  call('HSET', repeats, id .. '@', now)
end

local function append(at)
  local key, repeatOf, count, source = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
  local known = key ~= '' and call('HGET', index, repeatOf)
  if known then
    repeated(known, count)
    return ''
  end
  local meta, form, body = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  local size = #meta + #body
  local id = call('XADD', stream, '*', 'meta', meta, form, body, 'key', key, 'source', source, 'size', size)
  call('HINCRBY', index, '#bytes', size)
  if key ~= '' then call('HSET', index, key, id, anyKey(key), id) end
  if source ~= '' then
    call('ZINCRBY', sources, 1, source)
    call('ZADD', members, 0, source .. '|' .. id)
  end
  if count > 1 then repeated(id, count - 1) end
  return id
end

local function remove(entry)
  local id, fields = entry[1], entry[2]
  call('XDEL', stream, id)
  call('HDEL', repeats, id, id .. '@')
  local key, source, size = fields[6], fields[8], fields[10]
  if size == nil then return end -- written by a version that counted nothing
  call('HINCRBY', index, '#bytes', -tonumber(size))
  if key ~= '' then
    for _, name in ipairs({ key, anyKey(key) }) do
      if call('HGET', index, name) == id then call('HDEL', index, name) end
    end
  end
  if source ~= '' then
    call('ZREM', members, source .. '|' .. id)
    if tonumber(call('ZINCRBY', sources, -1, source)) <= 0 then call('ZREM', sources, source) end
  end
end

-- The source with the most entries gives up its oldest one; where no source is noted, the oldest of all goes.
local function victim(oldest)
  local source = call('ZREVRANGE', sources, 0, 0)[1]
  if not source then return oldest end
  local member = call('ZRANGEBYLEX', members, '[' .. source .. '|', '[' .. source .. '|~', 'LIMIT', 0, 1)[1]
  if not member then return oldest end
  local id = string.sub(member, #source + 2)
  return call('XRANGE', stream, id, id)[1] or oldest
end

local function trim(budget)
  for _ = 1, budget do
    local oldest = call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
    if not oldest then return end
    local isOld = tonumber(string.match(oldest[1], '%d+')) < now - tonumber(ARGV[3])
    local isFull = call('XLEN', stream) > tonumber(ARGV[1])
      or tonumber(call('HGET', index, '#bytes') or 0) > tonumber(ARGV[2])
    if isOld then
      remove(oldest)
    elseif isFull then
      remove(victim(oldest))
    else
      return
    end
  end
end

local ids = {}
for at = 4, #ARGV, STRIDE do
  ids[#ids + 1] = append(at)
end
trim(2 * #ids + 10)
for _, key in ipairs(KEYS) do
  call('PEXPIRE', key, ARGV[3])
end
return ids
