import type { Job } from 'bullmq';
import type { AnyEvent } from '../core/event.ts';
import { eventJobOptions, queues } from '../core/queues.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { JournalEntry } from '../receive/journal.ts';
import type { Merchants } from '../receive/ports.ts';
import { storeCallback } from '../receive/store.ts';
import { UNRECOGNIZED_TYPE } from '../receive/unrecognized.ts';
import { genuineFromJournal, isPaymentVerification } from './genuine-from-journal.ts';
import { jobOf, type OpenQueue, replayJobId } from './jobs.ts';

/** States in which a worker will still get the job by itself. */
const COMING: ReadonlySet<string> = new Set(['waiting', 'active', 'delayed', 'prioritized', 'waiting-children']);

/** The queues that the event of an entry can be on. */
const queuesOf = (entry: JournalEntry): readonly string[] => {
  const { event } = entry;
  if (event === null) return [];
  if (event.type === UNRECOGNIZED_TYPE) return [queues.unrecognized];
  if (isPaymentVerification(entry)) return [queues.paymentVerification];
  return event.product === null ? [] : [event.product, queues.confirmation];
};

/** The job of an entry's event, on whichever queue it is; null where it is gone. */
export const jobOfEntry = async (openQueue: OpenQueue, entry: JournalEntry): Promise<Job<AnyEvent> | null> => {
  for (const name of queuesOf(entry)) {
    const job = await jobOf(openQueue(name), entry.event?.id ?? '');
    if (job !== null) return job;
  }
  return null;
};

export type ReplayPorts = {
  readonly ports: DeliverPorts;
  readonly merchants: Merchants;
  readonly openQueue: OpenQueue;
};

const addAgain = async (openQueue: OpenQueue, name: string, event: AnyEvent): Promise<string> => {
  const queue = openQueue(name);
  const jobId = replayJobId(event.id);
  await (await queue.getJob(jobId))?.remove();
  await queue.add(event.type, event, { ...eventJobOptions, jobId });
  return `is on {${name}} again`;
};

/**
 * Puts the event of a callback back on its queue, keeping its id. It goes the way of the callback first, so what never
 * reached its queue gets there as it would have; only what was there already is put there again.
 *
 * @returns what was done, or why not, as a sentence for an operator
 */
export const replay = async (replaying: ReplayPorts, entry: JournalEntry): Promise<Result<string, string>> => {
  const { ports, merchants, openQueue } = replaying;
  const genuine = genuineFromJournal(merchants, entry);
  if (!genuine.ok) return genuine;
  if (isPaymentVerification(entry))
    return fail('is a payment verification, and PayCools no longer waits for its answer');
  const stored = await storeCallback(ports, genuine.value);
  if (stored.kind === 'accepted') return ok(`was not on its queue; now it is, as ${stored.event.type}`);
  if (stored.kind === 'unrecognized') return fail(`is not understood: ${stored.reason}; it is in quarantine`);
  if (stored.kind === 'conflicting')
    return fail('says something else than the event that was delivered: see {findings}, and replay the first one');
  if (stored.kind !== 'duplicate') return fail(`was ${stored.kind}`);
  const { event } = stored;
  if (event.type === UNRECOGNIZED_TYPE) return fail('is in quarantine: redrive it from there');
  const product = String((event.data as { product?: unknown }).product);
  for (const name of [product, queues.confirmation]) {
    const job = await jobOf(openQueue(name), event.id);
    const state = await job?.getState();
    if (state === 'failed') await job?.retry('failed');
    if (state === 'failed') return ok(`was given up by the workers; it waits on {${name}} again`);
    if (state !== undefined && COMING.has(state)) return ok(`still waits on {${name}}: there is nothing to do`);
  }
  return ok(await addAgain(openQueue, product, event));
};
