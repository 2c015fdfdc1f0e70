import { merchantOf } from '../core/cloud-event.ts';
import type { UnrecognizedEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { Merchants } from '../receive/ports.ts';
import { redrive } from '../receive/unrecognized.ts';
import type { ActionResult, UnrecognizedCallback } from './operations.ts';
import type { JobBrowser, StoredJob } from './ports.ts';

/** Where events wait for a worker: those of the merchant, and ours that asks PayCools back. */
const eventQueues = ({ registry }: DeliverPorts): readonly string[] => [
  ...registry.byProduct.keys(),
  queues.confirmation,
];

export type JobPorts = {
  readonly ports: DeliverPorts;
  readonly merchants: Merchants;
  readonly jobs: JobBrowser;
};

/** Failed jobs, queue by queue. */
export async function* failedJobs({ ports, jobs }: JobPorts): AsyncGenerator<StoredJob> {
  for (const name of eventQueues(ports)) yield* jobs.list(name, 'failed');
}

const isWanted = ({ id, event }: StoredJob, wanted: string): boolean =>
  wanted === 'all' || event.id === wanted || id === wanted;

/** Gives failed jobs to the workers again. */
export async function* redriveFailedJobs(ports: JobPorts, id: string): AsyncGenerator<ActionResult> {
  for await (const job of failedJobs(ports)) {
    if (!isWanted(job, id)) continue;
    await ports.jobs.retry(job);
    yield { id: job.event.id, isDone: true, message: `waits on {${job.queue}} again` };
  }
}

const unrecognizedJobs = ({ jobs }: JobPorts) => jobs.list(queues.unrecognized, 'waiting');

/** Unrecognized callbacks, the oldest first. */
export async function* unrecognizedCallbacks(ports: JobPorts): AsyncGenerator<UnrecognizedCallback> {
  for await (const job of unrecognizedJobs(ports)) {
    const { id: eventId, receivedat: receivedAt, source, data } = job.event as UnrecognizedEvent;
    const { product, provider, reason } = data;
    yield { eventId, receivedAt, source, product, eventName: provider.eventName, reason };
  }
}

const redriveOne = async ({ ports, merchants, jobs }: JobPorts, job: StoredJob): Promise<ActionResult> => {
  const event = job.event as UnrecognizedEvent;
  const merchant = merchants.find(merchantOf(event));
  if (merchant === undefined) return { id: event.id, isDone: false, message: 'its merchant is not configured' };
  const outcome = await redrive(ports, merchant, event);
  if (outcome.ok) await jobs.remove(job);
  const message = outcome.ok ? `${outcome.value.kind} as ${outcome.value.event.type}` : outcome.error;
  return { id: event.id, isDone: outcome.ok, message };
};

/** Interprets unrecognized callbacks again; those that are still not understood stay. */
export async function* redriveUnrecognizedCallbacks(ports: JobPorts, id: string): AsyncGenerator<ActionResult> {
  for await (const job of unrecognizedJobs(ports)) if (isWanted(job, id)) yield await redriveOne(ports, job);
}
