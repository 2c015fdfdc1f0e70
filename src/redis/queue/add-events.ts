import type { AnyEvent } from '../../core/event.ts';
import { eventJobOptions } from '../../core/queues.ts';
import type { RedisClient } from '../connection/connection.ts';
import { answerTo, createScript, readScript } from '../lua-script.ts';

/** An event, the queue that it belongs on, and the id of the job that it would be. */
export type NewJob = {
  readonly queue: string;
  readonly jobId: string;
  readonly event: AnyEvent;
  /** What must not be on the queue twice; by default the id of the event. */
  readonly deduplicationId?: string;
  /** The trace that the job carries on; absent where nothing is traced. */
  readonly context?: string;
};

export type Added = 'added' | 'duplicate';
type AddedEvents = {
  /** One for each job: an Error is the answer to its job only. */
  readonly answers: readonly (Added | Error)[];
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

/**
 * Puts events on queues of BullMQ in one atomic step, each unless one with its id was put on the same queue within the
 * deduplication time. It writes what BullMQ's own script writes (a test compares them), which takes one job at a time and
 * decodes and encodes its options each time: that costs Redis twice as much (docs/performance.md). In a cluster all jobs must
 * be for one queue.
 *
 * @param prefix first part of every key
 */
export const createAddEvents = (redis: RedisClient, prefix: string, deduplicationMs: number): AddEvents => {
  const script = createScript<[answers: (number | string)[], report: string]>(redis, readScript('add-events'));
  const options = optionsText(deduplicationMs);
  return async (jobs) => {
    const numbers = new Map<string, number>();
    const keys: string[] = [];
    const args: (string | number)[] = [deduplicationMs, Date.now(), ...options];
    for (const { queue, jobId, event, deduplicationId = event.id, context } of jobs) {
      let number = numbers.get(queue);
      if (number === undefined) {
        number = numbers.size + 1;
        numbers.set(queue, number);
        keys.push(...QUEUE_KEYS.map((key) => `${prefix}:${queue}:${key}`));
      }
      args.push(number, deduplicationId, jobId, event.type, JSON.stringify(event), traceText(context));
    }
    const [replies, report] = await script(keys, args);
    const answers = replies.map((reply) => answerTo(reply, (added): Added => (added === 1 ? 'added' : 'duplicate')));
    return { answers, report };
  };
};
