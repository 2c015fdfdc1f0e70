import type { AnyEvent } from '../../core/event.ts';
import { eventJobOptions } from '../../core/queues.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createScript } from '../lua-script.ts';

// What BullMQ's own script does for a standard job with deduplication, for several jobs in one call. BullMQ's takes one,
// and decodes and encodes its options anew: it costs Redis twice as much (docs/performance.md). A test holds what both
// write equal, and fails when BullMQ changes its script. Each queue has six keys, each job six arguments.
const ADD_EVENTS = `
local call = redis.call
local ttl, at, head, middle, tail = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local queues, answers = {}, {}
for index = 1, #KEYS, 6 do
  local wait, meta = KEYS[index], KEYS[index + 1]
  local state = call('HMGET', meta, 'opts.maxLenEvents', 'paused', 'concurrency')
  if not state[1] then
    state[1] = 10000
    call('HSET', meta, 'opts.maxLenEvents', state[1])
  end
  queues[#queues + 1] = {
    start = string.sub(wait, 1, -5), wait = wait, id = KEYS[index + 2], active = KEYS[index + 3],
    events = KEYS[index + 4], marker = KEYS[index + 5], state = state, count = 0, added = {},
  }
end
for index = 6, #ARGV, 6 do
  local queue, event, job, name = queues[tonumber(ARGV[index])], ARGV[index + 1], ARGV[index + 2], ARGV[index + 3]
  local mark = queue.start .. 'de:' .. event
  queue.count = queue.count + 1
  if call('SET', mark, job, 'PX', ttl, 'NX') then
    call('HSET', queue.start .. job, 'name', name, 'data', ARGV[index + 4],
      'opts', head .. job .. middle .. event .. tail .. ARGV[index + 5] .. '}', 'timestamp', at, 'delay', 0, 'priority', 0, 'deid', event)
    call('XADD', queue.events, '*', 'event', 'added', 'jobId', job, 'name', name)
    call('XADD', queue.events, 'MAXLEN', '~', queue.state[1], '*', 'event', 'waiting', 'jobId', job)
    queue.added[#queue.added + 1] = job
    answers[#answers + 1] = 1
  else
    call('XADD', queue.events, 'MAXLEN', '~', queue.state[1], '*', 'event', 'deduplicated', 'jobId', call('GET', mark),
      'deduplicationId', event, 'deduplicatedJobId', job)
    answers[#answers + 1] = 0
  end
end
for _, queue in ipairs(queues) do
  call('INCRBY', queue.id, queue.count)
  if #queue.added > 0 then
    call('LPUSH', queue.wait, unpack(queue.added))
    local limit = queue.state[3]
    local isHeld = queue.state[2] or (limit and call('LLEN', queue.active) >= tonumber(limit))
    if not isHeld then call('ZADD', queue.marker, 0, '0') end
  end
end
return answers`;

/** An event, the queue that it belongs on, and the id of the job that it would be. */
export type NewJob = {
  readonly queue: string;
  readonly jobId: string;
  readonly event: AnyEvent;
  /** The trace that the job carries on; absent where nothing is traced. */
  readonly context?: string;
};

export type AddEvents = (jobs: readonly NewJob[]) => Promise<readonly ('added' | 'duplicate')[]>;

const KEYS = ['wait', 'meta', 'id', 'active', 'events', 'marker'] as const;

/** The options of a job as JSON text without its end, in three parts: between them stand its id and that of its event. */
const optionsText = (deduplicationMs: number): readonly string[] =>
  JSON.stringify({ ...eventJobOptions, jobId: '?', de: { id: '?', ttl: deduplicationMs } })
    .slice(0, -1)
    .split('?');

/** What stands before the end of the options: the trace, under the name that BullMQ gives it. */
const traceText = (context: string | undefined): string =>
  context === undefined ? '' : `,"tm":${JSON.stringify(context)}`;

/**
 * Puts events on queues of BullMQ in one atomic step, each unless one with its id was put on the same queue within the
 * deduplication time. In a cluster all of them must be for one queue.
 *
 * @param prefix first part of every key
 */
export const createAddEvents = (redis: RedisClient, prefix: string, deduplicationMs: number): AddEvents => {
  const script = createScript<number[]>(redis, ADD_EVENTS);
  const options = optionsText(deduplicationMs);
  return async (jobs) => {
    const numbers = new Map<string, number>();
    const keys: string[] = [];
    const args: (string | number)[] = [deduplicationMs, Date.now(), ...options];
    for (const { queue, jobId, event, context } of jobs) {
      let number = numbers.get(queue);
      if (number === undefined) {
        number = numbers.size + 1;
        numbers.set(queue, number);
        keys.push(...KEYS.map((key) => `${prefix}:${queue}:${key}`));
      }
      args.push(number, event.id, jobId, event.type, JSON.stringify(event), traceText(context));
    }
    const answers = await script(keys, args);
    return answers.map((answer) => (answer === 1 ? 'added' : 'duplicate'));
  };
};
