import type { Job } from 'bullmq';
import { merchantOf } from '../core/cloud-event.ts';
import type { AnyEvent, UnrecognizedEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { Merchants } from '../receive/ports.ts';
import { redrive } from '../receive/unrecognized.ts';
import { jobsIn, type OpenQueue } from './jobs.ts';
import type { ActionResult, UnrecognizedCallback } from './operations.ts';

/** Where events wait for a worker: those of the merchant, and ours that asks PayCools back. */
const eventQueues = ({ registry }: DeliverPorts): readonly string[] => [
  ...registry.byProduct.keys(),
  queues.confirmation,
];

export type JobPorts = {
  readonly ports: DeliverPorts;
  readonly merchants: Merchants;
  readonly openQueue: OpenQueue;
};

/** Dead letters, queue by queue. */
export async function* failedJobs({ ports, openQueue }: JobPorts): AsyncGenerator<Job<AnyEvent>> {
  for (const name of eventQueues(ports)) yield* jobsIn(openQueue(name), 'failed');
}

const isWanted = ({ id, data }: Job<AnyEvent>, wanted: string): boolean =>
  wanted === 'all' || data.id === wanted || id === wanted;

/** Gives dead letters to the workers again. */
export async function* redriveFailedJobs(jobs: JobPorts, id: string): AsyncGenerator<ActionResult> {
  for await (const job of failedJobs(jobs)) {
    if (!isWanted(job, id)) continue;
    await job.retry('failed');
    yield { id: job.data.id, isDone: true, message: `waits on ${job.queueName} again` };
  }
}

/** Jobs of the quarantine, the oldest first. */
const quarantine = ({ openQueue }: JobPorts) => jobsIn(openQueue(queues.unrecognized), 'waiting');

/** Callbacks in quarantine, the oldest first. */
export async function* unrecognizedCallbacks(jobs: JobPorts): AsyncGenerator<UnrecognizedCallback> {
  for await (const job of quarantine(jobs)) {
    const { id: eventId, receivedat: receivedAt, source, data } = job.data as UnrecognizedEvent;
    const { product, provider, reason } = data;
    yield { eventId, receivedAt, source, product, eventName: provider.eventName, reason };
  }
}

const redriveOne = async ({ ports, merchants }: JobPorts, job: Job<AnyEvent>): Promise<ActionResult> => {
  const event = job.data as UnrecognizedEvent;
  const merchant = merchants.find(merchantOf(event));
  if (merchant === undefined) return { id: event.id, isDone: false, message: 'its merchant is not configured' };
  const outcome = await redrive(ports, merchant, event);
  if (outcome.ok) await job.remove();
  const message = outcome.ok ? `${outcome.value.kind} as ${outcome.value.event.type}` : outcome.error;
  return { id: event.id, isDone: outcome.ok, message };
};

/** Puts quarantined callbacks through the mapping again; what is still not understood stays. */
export async function* redriveUnrecognizedCallbacks(jobs: JobPorts, id: string): AsyncGenerator<ActionResult> {
  for await (const job of quarantine(jobs)) if (isWanted(job, id)) yield await redriveOne(jobs, job);
}
