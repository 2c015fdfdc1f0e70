import type { AnyEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { emittedEvent, type JournalEntry } from '../receive/journal.ts';
import { storeCallback } from '../receive/store.ts';
import { UNRECOGNIZED_TYPE } from '../receive/unrecognized.ts';
import { genuineFromJournal, isPaymentVerification } from './genuine-from-journal.ts';
import type { JobBrowser, JobPorts, JobState, StoredJob } from './ports.ts';

/** States in which a worker will still get the job without any action. */
const PENDING: ReadonlySet<JobState | 'unknown'> = new Set(['waiting', 'active', 'delayed']);

/** The queues on which the event of an entry may be. */
const queuesOf = (entry: JournalEntry): readonly string[] => {
  const { event } = entry;
  if (event === null) return [];
  if (event.type === UNRECOGNIZED_TYPE) return [queues.unrecognized];
  if (isPaymentVerification(entry)) return [queues.paymentVerification];
  return event.product === null ? [] : [event.product, queues.confirmation];
};

/** The job of an entry's event; null if it no longer exists. */
export const jobOfEntry = async (jobs: JobBrowser, entry: JournalEntry): Promise<StoredJob | null> => {
  for (const name of queuesOf(entry)) {
    const job = await jobs.find(name, entry.event?.id ?? '');
    if (job !== null) return job;
  }
  return null;
};

/**
 * Puts the event of a callback back on its queue under the same id. The callback is stored as when it arrived, which
 * delivers an event that never reached its queue; one that was delivered before is added again.
 *
 * @returns what was done, or why not, as a sentence for an operator
 */
export const replay = async (
  { ports, merchants, jobs }: JobPorts,
  entry: JournalEntry,
): Promise<Result<string, string>> => {
  const emitted = emittedEvent(entry);
  if (emitted !== null) return ok(await putBack(jobs, emitted.data.product, emitted));
  const genuine = genuineFromJournal(merchants, entry);
  if (!genuine.ok) return genuine;
  if (isPaymentVerification(entry))
    return fail('is a payment verification, and PayCools no longer waits for its answer');
  const stored = await storeCallback(ports, genuine.value);
  if ('awaitsConfirmation' in stored) return ok('waits for PayCools to confirm it; only then do workers get it');
  if (stored.kind === 'accepted') return ok(`was missing from its queue; it was added as ${stored.event.type}`);
  if (stored.kind === 'unrecognized')
    return fail(`is not understood: ${stored.reason}; it is on {${queues.unrecognized}}`);
  if (stored.kind === 'conflicting')
    return fail('contradicts the event that was delivered: see {findings}, and replay the first callback');
  if (stored.kind !== 'duplicate') return fail(`was ${stored.kind}`);
  const { event } = stored;
  if (event.type === UNRECOGNIZED_TYPE) return fail('is unrecognized: redrive it instead');
  return ok(await putBack(jobs, String((event.data as { product?: unknown }).product), event));
};

/** Puts a delivered event back on its queue, unless a worker will still get it. */
const putBack = async (jobs: JobBrowser, product: string, event: AnyEvent): Promise<string> => {
  for (const name of [product, queues.confirmation]) {
    const job = await jobs.find(name, event.id);
    if (job === null) continue;
    const state = await jobs.stateOf(job);
    if (state === 'failed') {
      await jobs.retry(job);
      return `had used up its attempts; it is back on {${name}}`;
    }
    if (PENDING.has(state)) return `is still waiting on {${name}}: nothing to do`;
  }
  await jobs.addReplay(product, event);
  return `is back on {${product}}`;
};
