--[[
  Returns the family that decides the slot of a subject's history in a cluster, or claims the slot for a family, and
  extends the claim because the history is about to be written. An earlier version stored the history itself under this
  key. It is kept after the family: receivers of that version can no longer read the key, so they write no event about
  this subject.

  KEYS:
    [1] the claim of the subject

  ARGV:
    [1] the family to claim for, if there is no claim
    [2] how long the claim is kept, in milliseconds

  Returns the claim: the family; then, if an earlier version left a history, a blank and that history.
]]
local call = redis.call
local key, family, ttl = KEYS[1], ARGV[1], ARGV[2]

-- Version 0.1 stored hashes, and recorded delivered events only by their deduplication ids.
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

local claim = family
local kind = call('TYPE', key).ok
if kind == 'string' then
  claim = fromText(call('GET', key))
elseif kind ~= 'none' then
  claim = fromHash()
end
call('SET', key, claim, 'PX', ttl)
return claim
