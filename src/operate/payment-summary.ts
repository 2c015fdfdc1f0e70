import { isGenuine } from '../receive/journal.ts';
import { isDelivering } from './milestones.ts';
import type { HistoryEvent, PaymentFacts } from './payment-facts.ts';
import { attemptsText } from './payment-history.ts';

/** The state of a payment, in one word. */
export type Condition = 'handled' | 'waiting' | 'retrying' | 'failed' | 'unrecognized' | 'unproven' | 'unknown';

/** What support needs to know first. */
export type PaymentSummary = {
  readonly condition: Condition;
  /** `succeeded`, `failed` …; null if nothing was proved. */
  readonly status: string | null;
  /** When it reached that status, in milliseconds since 1970. */
  readonly since: number | null;
  /** What this means, in one or two sentences. */
  readonly meaning: string;
  /** What to do; null if nothing is needed. */
  readonly advice: string | null;
};

type Assessment = Omit<PaymentSummary, 'status' | 'since'>;

/** How long a job waits before its queue probably has no worker, in milliseconds. */
export const LONG_WAIT_MS = 5 * 60_000;

const assessUnproven = ({ entries }: PaymentFacts): Assessment => {
  const suspects = entries.filter((entry) => !isGenuine(entry)).length;
  if (suspects === 0)
    return {
      condition: 'unknown',
      meaning: 'Nothing was received about it.',
      advice: 'Ask PayCools whether the payment exists there.',
    };
  return {
    condition: 'unproven',
    meaning: `Only unproven callbacks name it (${suspects}). They were refused, and nothing was delivered.`,
    advice:
      'If PayCools sent them, its callback secret differs from PAYCOOLS_CALLBACK_SECRET: compare the two, then have PayCools send the callbacks again, or reconcile. If it did not, someone is forging callbacks. Ask PayCools for the true state.',
  };
};

const HANDLED: Assessment = {
  condition: 'handled',
  meaning: 'The event was delivered, and your worker handled it.',
  advice: 'If your system disagrees, check what your worker did with the event.',
};

const assessJob = ({ id, job, attempts }: HistoryEvent, now: number): Assessment => {
  if (job === null && attempts.some(({ error }) => error === null)) return HANDLED;
  if (job === null)
    return {
      condition: 'handled',
      meaning:
        'The event was delivered to its queue. Its job no longer exists: completed jobs are kept for a day at most.',
      advice: 'If your system never got it, replay it.',
    };
  if (job.queue === 'unrecognized')
    return {
      condition: 'unrecognized',
      meaning: 'PayCools sent it, but it was not understood, so no worker got an event.',
      advice: `Read the reason below. After an upgrade that understands it: paycools unrecognized redrive ${id}. Otherwise handle it by hand and discard it.`,
    };
  if (job.queue === 'confirmation' && job.state !== 'completed')
    return {
      condition: 'waiting',
      meaning: 'The event is waiting for PayCools to confirm it.',
      advice: 'Check again in a minute.',
    };
  if (job.state === 'completed') return HANDLED;
  if (job.state === 'failed')
    return {
      condition: 'failed',
      meaning: `Your worker gave up on the event after ${attemptsText(job.attempts)}: ${job.failedReason ?? 'no reason was reported'}.`,
      advice: `Fix the cause that the error names, then redrive it: paycools failed redrive ${id}.`,
    };
  if (job.state === 'delayed')
    return {
      condition: 'retrying',
      meaning: `Attempt ${job.attempts} failed, and the event will be retried: ${job.failedReason ?? ''}`,
      advice: 'Fix the cause that the error names; the next attempt follows automatically.',
    };
  return assessWaiting(job, now);
};

const assessWaiting = ({ addedAt, state, queue }: NonNullable<HistoryEvent['job']>, now: number): Assessment => {
  const isLate = now - addedAt > LONG_WAIT_MS && state === 'waiting';
  return {
    condition: 'waiting',
    meaning: state === 'active' ? 'A worker is handling the event now.' : 'The event is waiting for a worker.',
    advice: isLate ? `It has been waiting for a long time: is a worker for {${queue}} running?` : null,
  };
};

/** Explains what the facts mean and what to do. @param now milliseconds since 1970 */
export const summarize = (facts: PaymentFacts, now: number): PaymentSummary => {
  const { milestones, events, entries, findings } = facts;
  const stale = new Set(entries.flatMap(({ id, event }) => (event?.flags.includes('stale') === true ? [id] : [])));
  const latest =
    milestones.findLast((it) => isDelivering(it) && !stale.has(it.entryId)) ??
    milestones.findLast(isDelivering) ??
    null;
  if (latest === null) return { ...assessUnproven(facts), status: null, since: null };
  const event = events.find(({ id }) => id === latest.eventId) ?? events.at(-1);
  const status = latest.type?.split('.').at(-1) ?? null;
  const since = event?.at ?? latest.at;
  const assessment: Assessment =
    event === undefined
      ? {
          condition: 'waiting',
          meaning: 'It was received and is in the spool, or on its way to its queue.',
          advice: null,
        }
      : assessJob(event, now);
  if (findings.length === 0) return { ...assessment, status, since };
  const open = `There ${findings.length === 1 ? 'is an open finding' : `are ${findings.length} open findings`} about it: ${findings.map(({ kind }) => kind).join(', ')}.`;
  const advice = [assessment.advice, 'Compare both sides below, and resolve the finding with a note.']
    .filter(Boolean)
    .join(' ');
  return { ...assessment, status, since, meaning: `${assessment.meaning} ${open}`, advice };
};
