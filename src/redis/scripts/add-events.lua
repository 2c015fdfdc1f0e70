--[[
  Adds events to queues of BullMQ as its `addStandardJob` does, but several jobs per call, with options that are already
  encoded. An event may have the history of its subject: then both are written, or neither. Each job succeeds or fails
  by itself; one that fails leaves nothing behind.

  KEYS, six for each queue:
    [1] 'wait'
    [2] 'meta'
    [3] 'id'
    [4] 'active'
    [5] 'events'
    [6] 'marker'
  then those of the ledger, in any order:
    histories, days, open subjects

  ARGV, for all jobs:
    [1] number of queues
    [2] how long deduplication ids and histories are kept, in milliseconds
    [3] time of the jobs, in milliseconds since 1970
    [4] text of the options before the job id
    [5] text of the options between the job id and a deduplication id
    [6] text of the options after a deduplication id
  then seven for each job:
    [1] number of its queue, from 1
    [2] deduplication id, which must not be on the queue twice
    [3] job id, unique; if the history decides whether the event is new, the id of the event, so that a job with this id
        is the same event
    [4] job name
    [5] job data
    [6] text to insert at the end of the options, or ''
    [7] number of the history's key, or 0
  then, if that is not 0:
    [8]  the expected history, '' for none
    [9]  the history to write
    [10] '' if the history decides whether the event is new; '1' if its deduplication id does, as without a history
    [11] the subject, for the index
    [12] number of the key of its day
    [13] number of the key of open subjects, or 0

  Returns two values:
    [1] for each job: 1 if it was added, 0 if it is a duplicate; if the stored history is not the expected one, that
        history in a table ('' for none), and nothing was written; or the text of an error
    [2] the persistence section of INFO; '' if the append-only file is on and writable, and not being rewritten
]]
local KEYS_PER_QUEUE, FIRST_JOB, ARGS_PER_JOB, ARGS_PER_HISTORY = 6, 7, 7, 6
local call = redis.call
local ttl, timestamp, head, middle, tail = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]

local function textOf(err)
  return type(err) == 'table' and err.err or tostring(err)
end

local function openQueue(at)
  local wait, meta, active = KEYS[at], KEYS[at + 1], KEYS[at + 3]
  local state = call('HMGET', meta, 'opts.maxLenEvents', 'paused', 'concurrency')
  if not state[1] then
    state[1] = 10000
    call('HSET', meta, 'opts.maxLenEvents', state[1])
  end
  local isPausedOrMaxed = state[2] or (state[3] and call('LLEN', active) >= tonumber(state[3]))
  return {
    start = string.sub(wait, 1, -5), wait = wait, id = KEYS[at + 2], events = KEYS[at + 4], marker = KEYS[at + 5],
    maxEvents = state[1], isPausedOrMaxed = isPausedOrMaxed, jobs = {}, added = {},
  }
end

-- A deduplication key without expiry whose job no longer exists is stale. BullMQ replaces it, and so do we.
local function replaceStaleMark(queue, mark, item, first)
  if call('PTTL', mark) ~= -1 or call('EXISTS', queue.start .. first) == 1 then return false end
  call('DEL', queue.start .. 'dn:' .. item.event)
  call('SET', mark, item.job, 'PX', ttl)
  return true
end

local function isMarked(queue, item)
  local mark = queue.start .. 'de:' .. item.event
  if call('SET', mark, item.job, 'PX', ttl, 'NX') then return false end
  local first = call('GET', mark)
  if replaceStaleMark(queue, mark, item, first) then return false end
  call('XADD', queue.events, 'MAXLEN', '~', queue.maxEvents, '*', 'event', 'deduplicated', 'jobId', first,
    'deduplicationId', item.event, 'deduplicatedJobId', item.job)
  return true
end

local function isDuplicate(queue, item)
  if item.isDeduplicated then return isMarked(queue, item) end
  return call('HEXISTS', queue.start .. item.job, 'data') == 1
end

local function addJob(queue, item)
  local id = queue.start .. item.job
  item.isAdded = true
  local options = head .. item.job .. (item.isDeduplicated and middle .. item.event .. tail or '"') .. item.more .. '}'
  call('HSET', id, 'name', item.name, 'data', item.data, 'opts', options, 'timestamp', timestamp, 'delay', 0,
    'priority', 0)
  if item.isDeduplicated then call('HSET', id, 'deid', item.event) end
  call('XADD', queue.events, '*', 'event', 'added', 'jobId', item.job, 'name', item.name)
  call('XADD', queue.events, 'MAXLEN', '~', queue.maxEvents, '*', 'event', 'waiting', 'jobId', item.job)
end

-- Version 0.1 stored hashes. A new history may begin, because deduplication ids still prevent a second delivery.
local function isOfVersion01(key)
  return call('TYPE', key).ok == 'hash' and call('HEXISTS', key, 'product') == 1
end

local function currentHistory(item)
  local current = redis.pcall('GET', item.history) or ''
  if type(current) ~= 'table' then return current end
  if not isOfVersion01(item.history) then error(current) end
  item.isDeduplicated, item.wasHash = true, true
  return ''
end

local function add(queue, item)
  if item.history then
    local current = currentHistory(item)
    if current ~= item.expected then return { current } end
  end
  local isNew = not isDuplicate(queue, item)
  if isNew then addJob(queue, item) end
  if item.history then
    call('SET', item.history, item.after, 'PX', ttl)
    item.isWritten = true
  end
  return isNew and 1 or 0
end

-- A deduplication key with the id of this job was set by it.
local function undo(queue, item)
  local mark = queue.start .. 'de:' .. item.event
  if redis.pcall('GET', mark) == item.job then call('DEL', mark) end
  if item.isAdded then call('DEL', queue.start .. item.job) end
  if not item.isWritten then return end
  call('DEL', item.history)
  if item.wasHash then
    call('HSET', item.history, 'product', '')
  elseif item.expected ~= '' then
    call('SET', item.history, item.expected, 'PX', ttl)
  end
end

-- The marker is only a hint, so it is written first: then a failure leaves nothing to be removed from the list.
local function pushJobs(queue, count)
  call('INCRBY', queue.id, count)
  if #queue.jobs == 0 then return end
  if not queue.isPausedOrMaxed then call('ZADD', queue.marker, 0, '0') end
  call('LPUSH', queue.wait, unpack(queue.jobs))
end

-- The index by day and of open subjects. Nothing depends on it, so an error of it fails nothing.
local extended, now = {}, nil
local function extend(key)
  if extended[key] then return end
  extended[key] = true
  call('PEXPIRE', key, ttl)
end

local function indexSubject(item)
  call('SADD', item.day, item.subject)
  extend(item.day)
  if not item.open then return end
  if not now then
    local time = call('TIME')
    now = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  call('ZADD', item.open, now, item.subject)
  if not extended[item.open] then call('ZREMRANGEBYSCORE', item.open, '-inf', now - ttl) end
  extend(item.open)
end

local function itemAt(at)
  local item = {
    event = ARGV[at + 1], job = ARGV[at + 2], name = ARGV[at + 3], data = ARGV[at + 4], more = ARGV[at + 5],
    history = KEYS[tonumber(ARGV[at + 6])], isDeduplicated = true,
  }
  if item.history then
    item.expected, item.after, item.isDeduplicated = ARGV[at + 7], ARGV[at + 8], ARGV[at + 9] ~= ''
    item.subject, item.day, item.open = ARGV[at + 10], KEYS[tonumber(ARGV[at + 11])], KEYS[tonumber(ARGV[at + 12])]
  end
  return item
end

local queues, counts, answers, indexed = {}, {}, {}, {}
for number = 1, tonumber(ARGV[1]) do
  local isOpen, queue = pcall(openQueue, (number - 1) * KEYS_PER_QUEUE + 1)
  queues[number] = isOpen and queue or { failure = textOf(queue) }
  counts[number] = 0
end
local at = FIRST_JOB
while at <= #ARGV do
  local number, item = tonumber(ARGV[at]), itemAt(at)
  local queue = queues[number]
  item.answer = #answers + 1
  if queue.failure then
    answers[item.answer] = queue.failure
  else
    local isDone, answer = pcall(add, queue, item)
    if not isDone then
      undo(queue, item)
      answer = textOf(answer)
    end
    answers[item.answer] = answer
    if type(answer) == 'number' then counts[number] = counts[number] + 1 end
    if answer == 1 then
      queue.jobs[#queue.jobs + 1] = item.job
      queue.added[#queue.added + 1] = item
    end
    if item.isWritten then indexed[#indexed + 1] = item end
  end
  at = at + ARGS_PER_JOB + (item.history and ARGS_PER_HISTORY or 0)
end
for number, queue in ipairs(queues) do
  if not queue.failure then
    local isDone, err = pcall(pushJobs, queue, counts[number])
    if not isDone then
      for _, item in ipairs(queue.added) do
        undo(queue, item)
        item.isWritten = false
        answers[item.answer] = textOf(err)
      end
    end
  end
end
for _, item in ipairs(indexed) do
  if item.isWritten then pcall(indexSubject, item) end
end

local FINE = { 'aof_enabled:1', 'aof_rewrite_in_progress:0', 'aof_rewrite_scheduled:0', 'aof_last_write_status:ok' }

local function reportPersistence()
  local info = call('INFO', 'persistence')
  for _, line in ipairs(FINE) do
    if not string.find(info, line, 1, true) then return info end
  end
  return ''
end

local isReported, report = pcall(reportPersistence)
return { answers, isReported and report or textOf(report) }
