import { createHash } from 'node:crypto';

/** A Lua script, which Redis runs whole: nobody else's command comes in between. */
export interface RedisScript {
  readonly text: string;
  /** What Redis knows it by. */
  readonly sha1: string;
}

/*
 * What is stored, all under one prefix, and all with a time to live:
 *   l:<lookup>   "<id>.<token, sealed>"
 *   t:<id>       the value, sealed
 *   s:<scope>, a:<about>   sorted sets of "<id>.<lookup>.<scope>" by when they expire, for erasing
 */

/**
 * Finds or makes tokens. Arguments: time to live, scope, then of each value the lookup, the about or '', and
 * an id, a sealed token and a sealed value, which are '' to only look. Answers with what stands under each
 * lookup, '' for nothing, or 'taken' when the id is another's.
 */
export const TOKENS: RedisScript = script(`
local prefix, ttl, scope = KEYS[1], tonumber(ARGV[1]), ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function index(set, member)
  redis.call('ZREMRANGEBYSCORE', set, '-inf', now)
  redis.call('ZADD', set, now + ttl, member)
  redis.call('PEXPIRE', set, ttl)
end
local answers = {}
for i = 3, #ARGV, 5 do
  local lookup, about, id, token, value = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local key = prefix .. 'l:' .. lookup
  local held = redis.call('GET', key)
  local heldId = held and string.match(held, '^([^.]+)%.')
  if heldId and redis.call('PEXPIRE', prefix .. 't:' .. heldId, ttl) == 1 then
    id = heldId
    redis.call('PEXPIRE', key, ttl)
  elseif id == '' then
    held = ''
  elseif redis.call('SET', prefix .. 't:' .. id, value, 'PX', ttl, 'NX') then
    held = id .. '.' .. token
    redis.call('SET', key, held, 'PX', ttl)
  else
    id = ''
    held = 'taken'
  end
  if id ~= '' then
    local member = id .. '.' .. lookup .. '.' .. scope
    index(prefix .. 's:' .. scope, member)
    if about ~= '' then index(prefix .. 'a:' .. about, member) end
  end
  answers[#answers + 1] = held
end
return answers
`);

/**
 * Erases a page of a set. Arguments: the set, a scope that entries must have or '', from where, and how many.
 * Answers with how many members it saw, how many entries it erased, and how many members it left.
 */
export const ERASE: RedisScript = script(`
local prefix = KEYS[1]
local set = prefix .. ARGV[1]
local members = redis.call('ZRANGE', set, ARGV[3], ARGV[3] + ARGV[4] - 1)
local erased, left = 0, 0
for _, member in ipairs(members) do
  local id, lookup, scope = string.match(member, '^([^.]+)%.([^.]+)%.([^.]+)$')
  if id and ARGV[2] ~= '' and scope ~= ARGV[2] then
    left = left + 1
  else
    redis.call('ZREM', set, member)
    if id then
      erased = erased + redis.call('DEL', prefix .. 't:' .. id)
      local key = prefix .. 'l:' .. lookup
      local held = redis.call('GET', key)
      if held and string.sub(held, 1, #id + 1) == id .. '.' then redis.call('DEL', key) end
      redis.call('ZREM', prefix .. 's:' .. scope, member)
    end
  end
end
return { #members, erased, left }
`);

function script(text: string): RedisScript {
  return Object.freeze({ text, sha1: createHash('sha1').update(text).digest('hex') });
}
