import { DAY_MS } from './time.ts';

/** The queues in addition to those of the families, without the braces that their names have in BullMQ. */
export const queues = {
  unrecognized: 'unrecognized',
  findings: 'findings',
  paymentVerification: 'payment-verification',
  /** Where events wait until PayCools has confirmed them. */
  confirmation: 'confirmation',
  reconciliation: 'reconciliation',
} as const;

/** The lowest major version of BullMQ that may use the queues: older ones lose jobs added while a queue is paused. */
export const LOWEST_BULLMQ_MAJOR = 6;

/** What to do about an older client. */
export const oldClientSentence = ({ queue, version }: { readonly queue: string; readonly version: string }): string =>
  `BullMQ ${version} has opened {${queue}}: update that worker to BullMQ ${LOWEST_BULLMQ_MAJOR} or later.`;

const DAY_S = DAY_MS / 1000;

/** How many days a failed job is kept. */
const FAILED_DAYS = 30;

/**
 * How jobs of events are retried and kept (seconds, milliseconds): part of the contract with consumers. The seven waits
 * between eight attempts are about 3, 6, 12, 24, 48, 96 and 192 minutes, each up to a fifth shorter: together between
 * five and six and a half hours. BullMQ's own strategy, so that workers in every language follow it.
 */
export const eventJobOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 180_000, jitter: 0.2 },
  removeOnComplete: { age: DAY_S, count: 10_000 },
  removeOnFail: { age: FAILED_DAYS * DAY_S },
} as const;

/** A failed reconciliation is retried after 1, 2, 4, … minutes; then it remains on its queue as failed. */
export const reconciliationJobOptions = {
  attempts: 6,
  backoff: { type: 'exponential', delay: 60_000 },
  removeOnComplete: { age: FAILED_DAYS * DAY_S, count: 1000 },
  removeOnFail: { age: FAILED_DAYS * DAY_S },
} as const;

/** For asking PayCools again about an event that was delivered unconfirmed. */
export const recheckJobOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 60_000 },
  removeOnComplete: true,
  removeOnFail: true,
} as const;

/** How long the answer to a payment verification is reused for an identical request, in milliseconds. */
export const VERIFICATION_REPEAT_MS = 60_000;

/** A payment verification is answered once or never: nobody waits for a second attempt. */
export const verificationJobOptions = {
  attempts: 1,
  removeOnComplete: { age: VERIFICATION_REPEAT_MS / 1000 },
  removeOnFail: { age: VERIFICATION_REPEAT_MS / 1000 },
} as const;
