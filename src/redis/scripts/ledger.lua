--[[
  Observes what callbacks say about subjects, and marks that the event of a status is delivered. Marks travel with the
  next observations, because each call costs Redis a sync of its disk. What goes wrong with one key is its own answer.

  A subject is a hash: `product` pinned at first sight, `n` statuses seen, and for each status `s:<status>` and
  `o:<status>` (what was stated first) and `d:<status>` (its event is on the queue). Two short fields instead of a long
  one, because a hash of values up to 64 bytes takes Redis half the memory.

  KEYS, one for each step:
    [1] the hash of the subject

  ARGV, for all steps:
    [1] how long a subject is kept after its last observation, in milliseconds
  then four for an observation:
    [1] product
    [2] status
    [3] what was stated, first part
    [4] what was stated, second part
  or two for a mark:
    [1] ''
    [2] status

  Returns for each step: for an observation of a known subject all fields and values of its hash; nothing for the first
  observation of a subject, which most are, because the caller knows what is in it, and nothing for a mark; else the
  text of an error.
]]
local FIRST_STEP, ARGS_PER_MARK, ARGS_PER_OBSERVATION = 2, 2, 4
local call = redis.call

local function mark(key, status)
  if call('HEXISTS', key, 's:' .. status) == 1 then call('HSET', key, 'd:' .. status, '1') end
  return {}
end

local function observe(key, product, status, statement, order)
  local entry = {}
  if call('EXISTS', key) == 0 then
    call('HSET', key, 'product', product, 'n', 1, 's:' .. status, '1|' .. statement, 'o:' .. status, order)
  else
    if call('HEXISTS', key, 's:' .. status) == 0 then
      local ordinal = call('HINCRBY', key, 'n', 1)
      call('HSET', key, 's:' .. status, ordinal .. '|' .. statement, 'o:' .. status, order)
    end
    entry = call('HGETALL', key)
  end
  call('PEXPIRE', key, ARGV[1])
  return entry
end

local answers, at = {}, FIRST_STEP
for index, key in ipairs(KEYS) do
  local product, status = ARGV[at], ARGV[at + 1]
  local isDone, answer
  if product == '' then
    isDone, answer = pcall(mark, key, status)
    at = at + ARGS_PER_MARK
  else
    isDone, answer = pcall(observe, key, product, status, ARGV[at + 2], ARGV[at + 3])
    at = at + ARGS_PER_OBSERVATION
  end
  answers[index] = isDone and answer or (type(answer) == 'table' and answer.err or tostring(answer))
end
return answers
