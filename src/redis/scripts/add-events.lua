--[[
  Adds events to queues of BullMQ, as its `addStandardJob` does for a job with `deduplication: { id, ttl }`, but several
  jobs in one call and with options that are encoded already. Each job is added or not by itself: what goes wrong with
  one is its own answer, and leaves neither its job nor its deduplication mark behind.

  KEYS, six for each queue:
    [1] 'wait'
    [2] 'meta'
    [3] 'id'
    [4] 'active'
    [5] 'events'
    [6] 'marker'

  ARGV, for all jobs:
    [1] how long an event id is remembered, in milliseconds
    [2] time of the jobs, in milliseconds since 1970
    [3] text of the options before the job id
    [4] text of the options between the job id and the event id
    [5] text of the options after the event id
  then six for each job:
    [1] number of its queue, from 1
    [2] deduplication id: what must not be on the queue twice
    [3] job id, which no other job has
    [4] job name
    [5] job data
    [6] more text for the end of the options, or ''

  Returns two values:
    [1] for each job: 1 when it was added, 0 when its deduplication id is remembered, else the text of an error
    [2] what INFO reports about persistence; '' where the append-only file is on, not being rewritten, and written
]]
local KEYS_PER_QUEUE, FIRST_JOB, ARGS_PER_JOB = 6, 6, 6
local call = redis.call
local ttl, timestamp, head, middle, tail = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

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
  local isHeld = state[2] or (state[3] and call('LLEN', active) >= tonumber(state[3]))
  return {
    start = string.sub(wait, 1, -5), wait = wait, id = KEYS[at + 2], events = KEYS[at + 4], marker = KEYS[at + 5],
    maxEvents = state[1], isHeld = isHeld, jobs = {}, numbers = {},
  }
end

-- A mark without expiry whose job is gone is stale: BullMQ begins a new deduplication time then, and so do we.
local function recoverStaleMark(queue, mark, event, first, job)
  if call('PTTL', mark) ~= -1 or call('EXISTS', queue.start .. first) == 1 then return false end
  call('DEL', queue.start .. 'dn:' .. event)
  call('SET', mark, job, 'PX', ttl)
  return true
end

local function addJob(queue, event, job, name, data, more)
  local mark = queue.start .. 'de:' .. event
  if not call('SET', mark, job, 'PX', ttl, 'NX') then
    local first = call('GET', mark)
    if not recoverStaleMark(queue, mark, event, first, job) then
      call('XADD', queue.events, 'MAXLEN', '~', queue.maxEvents, '*', 'event', 'deduplicated', 'jobId', first,
        'deduplicationId', event, 'deduplicatedJobId', job)
      return 0
    end
  end
  call('HSET', queue.start .. job, 'name', name, 'data', data,
    'opts', head .. job .. middle .. event .. tail .. more .. '}', 'timestamp', timestamp, 'delay', 0, 'priority', 0,
    'deid', event)
  call('XADD', queue.events, '*', 'event', 'added', 'jobId', job, 'name', name)
  call('XADD', queue.events, 'MAXLEN', '~', queue.maxEvents, '*', 'event', 'waiting', 'jobId', job)
  return 1
end

-- The job id belongs to this job alone, so a mark that holds it is ours.
local function undo(queue, event, job)
  local mark = queue.start .. 'de:' .. event
  if redis.pcall('GET', mark) == job then call('DEL', mark) end
  call('DEL', queue.start .. job)
end

-- The marker is only a hint, so it may go first: then a failure needs nothing to be taken off the list.
local function pushJobs(queue, count)
  call('INCRBY', queue.id, count)
  if #queue.jobs == 0 then return end
  if not queue.isHeld then call('ZADD', queue.marker, 0, '0') end
  call('LPUSH', queue.wait, unpack(queue.jobs))
end

local queues, counts, answers = {}, {}, {}
for at = 1, #KEYS, KEYS_PER_QUEUE do
  local isOpen, queue = pcall(openQueue, at)
  queues[#queues + 1] = isOpen and queue or { failure = textOf(queue) }
  counts[#queues] = 0
end
for at = FIRST_JOB, #ARGV, ARGS_PER_JOB do
  local number = tonumber(ARGV[at])
  local queue, event, job = queues[number], ARGV[at + 1], ARGV[at + 2]
  counts[number] = counts[number] + 1
  if queue.failure then
    answers[#answers + 1] = queue.failure
  else
    local isDone, answer = pcall(addJob, queue, event, job, ARGV[at + 3], ARGV[at + 4], ARGV[at + 5])
    if not isDone then
      undo(queue, event, job)
      answer = textOf(answer)
    end
    answers[#answers + 1] = answer
    if answer == 1 then
      queue.jobs[#queue.jobs + 1] = job
      queue.numbers[#queue.numbers + 1] = { answer = #answers, event = event, job = job }
    end
  end
end
for number, queue in ipairs(queues) do
  if not queue.failure then
    local isDone, err = pcall(pushJobs, queue, counts[number])
    if not isDone then
      for _, added in ipairs(queue.numbers) do
        undo(queue, added.event, added.job)
        answers[added.answer] = textOf(err)
      end
    end
  end
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
