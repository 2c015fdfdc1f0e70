--[[
  Resolves subjects that have several names: returns the name under which each is known, and stores it for each of its
  names.

  KEYS, as many for each subject as it has names:
    [..] alias: the name under which the subject is known

  ARGV:
    [1] retention of names, in milliseconds
  then two for each subject:
    [1] number of its names
    [2] the name to use if the subject is not known yet

  Returns for each subject: its name in a table, else the text of an error.
]]
local call = redis.call
local FIRST_SUBJECT, ARGS_PER_SUBJECT = 2, 2

local function resolve(from, to, name)
  local isKnown = {}
  for index = to, from, -1 do
    local known = call('GET', KEYS[index])
    if known then name, isKnown[index] = known, true end
  end
  for index = from, to do
    if not isKnown[index] then call('SET', KEYS[index], name, 'PX', ARGV[1]) end
  end
  return { name }
end

local answers, from = {}, 1
for at = FIRST_SUBJECT, #ARGV, ARGS_PER_SUBJECT do
  local to = from + tonumber(ARGV[at]) - 1
  local isDone, answer = pcall(resolve, from, to, ARGV[at + 1])
  answers[#answers + 1] = isDone and answer or (type(answer) == 'table' and answer.err or tostring(answer))
  from = to + 1
end
return answers
