import type { Job } from 'bullmq';
import type { AnyEvent, UnrecognizedEvent } from '../core/event.ts';
import { CONFIRMATION_QUEUE, type DeliverPorts } from '../receive/deliver.ts';
import type { Merchants } from '../receive/ports.ts';
import { redrive } from '../receive/redrive.ts';
import { UNRECOGNIZED_QUEUE } from '../receive/unrecognized.ts';
import { jobsIn, type OpenQueue } from './jobs.ts';
import type { ActionResult, QuarantinedCallback } from './operations.ts';

/** Where events wait for a worker: those of the merchant, and ours that asks PayCools back. */
const eventQueues = ({ registry }: DeliverPorts): readonly string[] => [
  ...registry.byProduct.keys(),
  CONFIRMATION_QUEUE,
];

export type JobPorts = {
  readonly ports: DeliverPorts;
  readonly merchants: Merchants;
  readonly openQueue: OpenQueue;
};

/** Dead letters, queue by queue. */
export async function* deadLetters({ ports, openQueue }: JobPorts): AsyncGenerator<Job<AnyEvent>> {
  for (const name of eventQueues(ports)) yield* jobsIn(openQueue(name), 'failed');
}

const isWanted = ({ id, data }: Job<AnyEvent>, wanted: string): boolean =>
  wanted === 'all' || data.id === wanted || id === wanted;

/** Gives dead letters to the workers again. */
export async function* redriveDeadLetters(jobs: JobPorts, id: string): AsyncGenerator<ActionResult> {
  for await (const job of deadLetters(jobs)) {
    if (!isWanted(job, id)) continue;
    await job.retry('failed');
    yield { id: job.data.id, isDone: true, message: `waits on ${job.queueName} again` };
  }
}

/** Jobs of the quarantine, the oldest first. */
const quarantine = ({ openQueue }: JobPorts) => jobsIn(openQueue(UNRECOGNIZED_QUEUE), 'waiting');

/** Callbacks in quarantine, the oldest first. */
export async function* quarantined(jobs: JobPorts): AsyncGenerator<QuarantinedCallback> {
  for await (const job of quarantine(jobs)) {
    const { id: eventId, receivedat: receivedAt, source, data } = job.data as UnrecognizedEvent;
    const { product, provider, reason } = data;
    yield { eventId, receivedAt, source, product, eventName: provider.eventName, reason };
  }
}

const redriveOne = async ({ ports, merchants }: JobPorts, job: Job<AnyEvent>): Promise<ActionResult> => {
  const event = job.data as UnrecognizedEvent;
  const merchant = merchants.find(event.source.replace('urn:paycools:', ''));
  if (merchant === undefined) return { id: event.id, isDone: false, message: 'its merchant is not configured' };
  const outcome = await redrive(ports, merchant, event);
  if (outcome.ok) await job.remove();
  const message = outcome.ok ? `${outcome.value.kind} as ${outcome.value.event.type}` : outcome.error;
  return { id: event.id, isDone: outcome.ok, message };
};

/** Puts quarantined callbacks through the mapping again; what is still not understood stays. */
export async function* redriveQuarantined(jobs: JobPorts, id: string): AsyncGenerator<ActionResult> {
  for await (const job of quarantine(jobs)) if (isWanted(job, id)) yield await redriveOne(jobs, job);
}
