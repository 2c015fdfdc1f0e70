--[[
  Replaces the history of each subject, unless another one than expected is there. What goes wrong with one key is its own
  answer.

  KEYS, one for each subject:
    [1] the text of its history

  ARGV, for all subjects:
    [1] how long a history is kept after its last change, in milliseconds
  then two for each subject:
    [1] the history that is expected there, '' for none
    [2] the history to write

  Returns for each subject: nothing when it was written; one text, the history that is there instead ('' for none, when
  the expected one has just expired); else the text of an error.
]]
local FIRST_SUBJECT, ARGS_PER_SUBJECT = 2, 2
local call = redis.call

-- Version 0.1 kept hashes. Events on their queues are still known there, so a new history may begin.
local function isOfVersion01(key)
  return call('TYPE', key).ok == 'hash' and call('HEXISTS', key, 'product') == 1
end

local function replace(key, expected, history)
  local present = redis.pcall('GET', key) or ''
  if type(present) == 'table' then
    if not isOfVersion01(key) then error(present) end
    present = ''
  end
  if present ~= expected then return { present } end
  call('SET', key, history, 'PX', ARGV[1])
  return {}
end

local answers = {}
for index, key in ipairs(KEYS) do
  local at = FIRST_SUBJECT + (index - 1) * ARGS_PER_SUBJECT
  local isDone, answer = pcall(replace, key, ARGV[at], ARGV[at + 1])
  answers[index] = isDone and answer or (type(answer) == 'table' and answer.err or tostring(answer))
end
return answers
