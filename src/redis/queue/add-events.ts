import type { AnyEvent } from '../../core/event.ts';
import { eventJobOptions } from '../../core/queues.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, readItemReply } from '../lua-script.ts';

/** The history of a subject that is written together with its event. */
type JobHistory = {
  readonly key: string;
  /** The stored history without which nothing is written; '' for none. */
  readonly expected: string;
  readonly after: string;
  /** Whether the deduplication id decides whether the event is new; otherwise the history does. */
  readonly isDeduplicated: boolean;
  /** The subject in the index by day and, if it is open, in the set of open subjects. */
  readonly member: string;
  readonly dayKey: string;
  readonly openKey: string | null;
};

/** An event, its queue, and the id of its job if it is added. */
export type NewJob = {
  readonly queue: string;
  readonly jobId: string;
  readonly event: AnyEvent;
  /** Must not be on the queue twice. Default: the id of the event. */
  readonly deduplicationId?: string;
  /** The trace that the job continues; absent without tracing. */
  readonly context?: string;
  readonly history?: JobHistory;
};

export type Added = 'added' | 'duplicate';

/** What became of a job. `current` is the stored history if it is not the expected one; nothing was written then. */
export type AddResult = Added | { readonly current: string };

type AddedEvents = {
  /** One for each job. An Error concerns its job only. */
  readonly answers: readonly (AddResult | Error)[];
  /** What Redis reported about its append-only file together with the write; '' if the file is on and in order. */
  readonly report: string;
};
export type AddEvents = (jobs: readonly NewJob[]) => Promise<AddedEvents>;

/** The keys of a queue, in the order of the script. */
const QUEUE_KEYS = ['wait', 'meta', 'id', 'active', 'events', 'marker'] as const;

/** The options of a job as JSON without the closing brace, split where the job id and the deduplication id belong. */
const optionsText = (deduplicationMs: number): readonly string[] =>
  JSON.stringify({ ...eventJobOptions, jobId: '?', de: { id: '?', ttl: deduplicationMs } })
    .slice(0, -1)
    .split('?');

/** The trace as text to insert before the closing brace, under BullMQ's name for it. */
const traceText = (context: string | undefined): string =>
  context === undefined ? '' : `,"tm":${JSON.stringify(context)}`;

/** A list of distinct keys, numbered from 1 as in Lua. */
class KeyList {
  readonly keys: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** Returns the number of a key, which is added if it is new. */
  number(key: string): number {
    return this.#numbers.get(key) ?? this.add(key);
  }

  add(key: string): number {
    const number = this.keys.push(key);
    this.#numbers.set(key, number);
    return number;
  }
}

type Argument = string | number;

const historyArguments = (keys: KeyList, history: JobHistory | undefined): readonly Argument[] => {
  if (history === undefined) return [0];
  const { key, expected, after, isDeduplicated, member, dayKey, openKey } = history;
  const open = openKey === null ? 0 : keys.number(openKey);
  return [keys.number(key), expected, after, isDeduplicated ? 1 : '', member, keys.number(dayKey), open];
};

const readReply = (reply: number | readonly [string]): AddResult => {
  if (typeof reply !== 'number') return { current: reply[0] };
  return reply === 1 ? 'added' : 'duplicate';
};

/**
 * Puts events on queues of BullMQ in one atomic step. An event is a duplicate if one with its id was put on the same queue
 * within the deduplication time; an event with a history is written together with it, and only if the stored history is the
 * expected one. The script writes what BullMQ's own script writes (a test compares them). BullMQ's takes one job at a time
 * and decodes and encodes its options, which costs Redis twice as much (docs/performance.md). In a cluster all jobs of a
 * call must be for one queue.
 *
 * @param prefix first part of every key
 */
export const createAddEvents = (redis: RedisClient, prefix: string, deduplicationMs: number): AddEvents => {
  const script = loadScript<[answers: (number | [string] | string)[], report: string]>(redis, 'add-events');
  const options = optionsText(deduplicationMs);
  return async (jobs) => {
    const queues = [...new Set(jobs.map(({ queue }) => queue))];
    const keys = new KeyList();
    for (const queue of queues) for (const key of QUEUE_KEYS) keys.add(`${prefix}:${queue}:${key}`);
    const args: Argument[] = [queues.length, deduplicationMs, Date.now(), ...options];
    for (const { queue, jobId, event, deduplicationId = event.id, context, history } of jobs) {
      args.push(queues.indexOf(queue) + 1, deduplicationId, jobId, event.type, JSON.stringify(event));
      args.push(traceText(context), ...historyArguments(keys, history));
    }
    const [replies, report] = await script(keys.keys, args);
    return { answers: replies.map((reply) => readItemReply(reply, readReply)), report };
  };
};
