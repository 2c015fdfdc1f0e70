import type { AnyEvent } from '../../core/event.ts';
import { eventJobOptions } from '../../core/queues.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, readItemReply } from '../lua-script.ts';

/** The history of a subject that is written together with its event. */
type JobHistory = {
  readonly key: string;
  /** The history that must be there for anything to be written; '' for none. */
  readonly expected: string;
  readonly after: string;
  /** Whether the deduplication id decides whether the event is new; otherwise the history does. */
  readonly isDeduplicated: boolean;
  /** How the subject is found by day, and among the open ones where it is one. */
  readonly member: string;
  readonly dayKey: string;
  readonly openKey: string | null;
};

/** An event, the queue that it belongs on, and the id of the job that it would be. */
export type NewJob = {
  readonly queue: string;
  readonly jobId: string;
  readonly event: AnyEvent;
  /** What must not be on the queue twice; by default the id of the event. */
  readonly deduplicationId?: string;
  /** The trace that the job carries on; absent where nothing is traced. */
  readonly context?: string;
  readonly history?: JobHistory;
};

export type Added = 'added' | 'duplicate';

/** What became of a job: `present` is the history that is there where another one was expected, and nothing was written. */
export type AddResult = Added | { readonly present: string };

type AddedEvents = {
  /** One for each job: an Error is the answer to its job only. */
  readonly answers: readonly (AddResult | Error)[];
  /** What Redis reported about its append-only file together with the write: '' where it is plainly on. */
  readonly report: string;
};
export type AddEvents = (jobs: readonly NewJob[]) => Promise<AddedEvents>;

/** The keys of a queue, in the order in which the script takes them. */
const QUEUE_KEYS = ['wait', 'meta', 'id', 'active', 'events', 'marker'] as const;

/** The options of a job as JSON text without its end, in three parts: its id and that of its event go between them. */
const optionsText = (deduplicationMs: number): readonly string[] =>
  JSON.stringify({ ...eventJobOptions, jobId: '?', de: { id: '?', ttl: deduplicationMs } })
    .slice(0, -1)
    .split('?');

/** What goes before the end of the options: the trace, under the name that BullMQ gives it. */
const traceText = (context: string | undefined): string =>
  context === undefined ? '' : `,"tm":${JSON.stringify(context)}`;

/** Numbers keys from 1 as Lua does, each once. */
class KeyList {
  readonly keys: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of a key that may have come before. */
  number(key: string): number {
    const known = this.#numbers.get(key);
    return known ?? this.add(key);
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
  if (typeof reply !== 'number') return { present: reply[0] };
  return reply === 1 ? 'added' : 'duplicate';
};

/**
 * Puts events on queues of BullMQ in one atomic step, each unless one with its id was put on the same queue within the
 * deduplication time; or together with the history of its subject, unless another history than expected is there. It writes
 * what BullMQ's own script writes (a test compares them), which takes one job at a time and decodes and encodes its options
 * each time: that costs Redis twice as much (docs/performance.md). In a cluster all jobs must be for one queue, without
 * histories.
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
