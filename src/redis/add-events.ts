import type { AnyEvent } from '../core/event.ts';
import { DAY_MS } from '../core/time.ts';
import type { RedisClient } from './connection.ts';

const DAY_S = DAY_MS / 1000;

/** How jobs are retried and kept: part of the contract with the consumers. */
export const JOB_OPTIONS = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  removeOnComplete: { age: DAY_S, count: 10_000 },
  removeOnFail: { age: 30 * DAY_S },
} as const;

// What BullMQ's own script does for a standard job with deduplication, for several jobs in one call. BullMQ's takes one,
// and decodes and encodes its options anew: it costs Redis twice as much (docs/performance.md). A test holds what both
// write equal, and fails when BullMQ changes its script.
const ADD_EVENTS = `
local call = redis.call
local prefix, ttl, at = ARGV[1], ARGV[2], ARGV[3]
local head, middle, tail = ARGV[4], ARGV[5], ARGV[6]
local wait, meta, id, active, events, marker = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local state = call('HMGET', meta, 'opts.maxLenEvents', 'paused', 'concurrency')
local longest = state[1]
if not longest then
  longest = 10000
  call('HSET', meta, 'opts.maxLenEvents', longest)
end
call('INCRBY', id, (#ARGV - 6) / 4)
local added, answers = {}, {}
for index = 7, #ARGV, 4 do
  local event, job, name = ARGV[index], ARGV[index + 1], ARGV[index + 2]
  local mark = prefix .. 'de:' .. event
  if call('SET', mark, job, 'PX', ttl, 'NX') then
    call('HSET', prefix .. job, 'name', name, 'data', ARGV[index + 3], 'opts', head .. job .. middle .. event .. tail,
      'timestamp', at, 'delay', 0, 'priority', 0, 'deid', event)
    call('XADD', events, '*', 'event', 'added', 'jobId', job, 'name', name)
    call('XADD', events, 'MAXLEN', '~', longest, '*', 'event', 'waiting', 'jobId', job)
    added[#added + 1] = job
    answers[#answers + 1] = 1
  else
    call('XADD', events, 'MAXLEN', '~', longest, '*', 'event', 'deduplicated', 'jobId', call('GET', mark),
      'deduplicationId', event, 'deduplicatedJobId', job)
    answers[#answers + 1] = 0
  end
end
if #added > 0 then
  call('LPUSH', wait, unpack(added))
  local isHeld = state[2] or (state[3] and call('LLEN', active) >= tonumber(state[3]))
  if not isHeld then call('ZADD', marker, 0, '0') end
end
return answers`;

/** An event with the id of the job that it would be. */
export type NewJob = { readonly jobId: string; readonly event: AnyEvent };

export type AddEvents = (queue: string, jobs: readonly NewJob[]) => Promise<readonly ('added' | 'duplicate')[]>;

type Script = { paycoolsAddEvents(...args: (string | number)[]): Promise<number[]> };

const KEYS = ['wait', 'meta', 'id', 'active', 'events', 'marker'] as const;

/** The options of a job as JSON text, in three parts: between them stand its id and that of its event. */
const optionsText = (deduplicationMs: number): readonly string[] =>
  JSON.stringify({ ...JOB_OPTIONS, jobId: '?', de: { id: '?', ttl: deduplicationMs } }).split('?');

/**
 * Puts events on a queue of BullMQ in one atomic step, each unless one with its id was put there within the
 * deduplication time.
 *
 * @param prefix first part of every key
 */
export const createAddEvents = (redis: RedisClient, prefix: string, deduplicationMs: number): AddEvents => {
  redis.defineCommand('paycoolsAddEvents', { numberOfKeys: KEYS.length, lua: ADD_EVENTS });
  const script = redis as unknown as Script; // defineCommand adds methods that its types do not know
  const options = optionsText(deduplicationMs);
  return async (queue, jobs) => {
    const start = `${prefix}:${queue}:`;
    const args = [...KEYS.map((key) => `${start}${key}`), start, deduplicationMs, Date.now(), ...options];
    for (const { jobId, event } of jobs) args.push(event.id, jobId, event.type, JSON.stringify(event));
    const answers = await script.paycoolsAddEvents(...args);
    return answers.map((answer) => (answer === 1 ? 'added' : 'duplicate'));
  };
};
