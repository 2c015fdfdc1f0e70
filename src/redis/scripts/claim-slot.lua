--[[
  Finds the family in whose slot of a cluster the history of a subject is, and keeps it as long as that history. A history
  of an earlier version, which was here itself, is kept beside the family: from now on the receivers of that version cannot
  read the key, so they write no event about this subject.

  KEYS:
    [1] where the family of the subject is noted

  ARGV:
    [1] the family, where none is noted
    [2] how long it is kept, in milliseconds

  Returns the family; where there is a history of an earlier version, then a blank and this history.
]]
local call = redis.call
local key, family, ttl = KEYS[1], ARGV[1], ARGV[2]

-- Version 0.1 kept hashes. Events on their queues are known there by their marks.
local function fromHash()
  local product = call('HGET', key, 'product')
  if not product then error('WRONGTYPE this is not an entry of the ledger', 0) end
  if product == '' then product = family end
  return product .. ' ["' .. product .. '",[]]'
end

local function fromText(text)
  if string.sub(text, 1, 1) ~= '[' then return text end
  return (string.match(text, '^%["([^"]+)"') or family) .. ' ' .. text
end

local noted = family
local kind = call('TYPE', key).ok
if kind == 'string' then
  noted = fromText(call('GET', key))
elseif kind ~= 'none' then
  noted = fromHash()
end
call('SET', key, noted, 'PX', ttl)
return noted
