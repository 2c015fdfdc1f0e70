--[[
  Replaces the history of each subject if the stored one is the expected one. An error concerns its subject only.

  KEYS, one for each subject:
    [1] the text of its history

  ARGV, for all subjects:
    [1] how long a history is kept after its last change, in milliseconds
  then two for each subject:
    [1] the expected history, '' for none
    [2] the history to write

  Returns for each subject: an empty table if it was written; else the stored history in a table ('' for none, such as
  when the expected one has just expired); or the text of an error.
]]
local FIRST_SUBJECT, ARGS_PER_SUBJECT = 2, 2
local call = redis.call

-- Version 0.1 stored hashes. A new history may begin, because deduplication ids still prevent a second delivery.
local function isOfVersion01(key)
  return call('TYPE', key).ok == 'hash' and call('HEXISTS', key, 'product') == 1
end

local function replace(key, expected, history)
  local current = redis.pcall('GET', key) or ''
  if type(current) == 'table' then
    if not isOfVersion01(key) then error(current) end
    current = ''
  end
  if current ~= expected then return { current } end
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
