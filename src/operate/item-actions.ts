import { merchantOf } from '../core/cloud-event.ts';
import type { UnrecognizedEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { type Redriven, redrive } from '../receive/unrecognized.ts';
import { type ItemKind, type OpenItem, openItems, type Selection } from './open-items.ts';
import type { ActionResult } from './operations.ts';
import type { JobPorts, StoredJob } from './ports.ts';

/** The result of an action, and the payment that it concerns. */
export type Acted = ActionResult & { readonly about: string };

type Found = { readonly item: OpenItem; readonly job: StoredJob };

const interpretAgain = async ({ ports, merchants, jobs }: JobPorts, { item, job }: Found): Promise<Acted> => {
  const { id, transactionId, subject } = item;
  const about = transactionId ?? subject;
  const event = item.event as UnrecognizedEvent;
  const merchant = merchants.find(merchantOf(event));
  if (merchant === undefined) return { id, about, isDone: false, message: 'its merchant is not configured' };
  const outcome = await redrive(ports, merchant, event);
  if (!outcome.ok) return { id, about, isDone: false, message: outcome.error };
  const { kind, event: made } = outcome.value;
  if (kind === 'awaiting-confirmation') {
    if (await isAskedForAnother(jobs, outcome.value, event)) {
      await jobs.remove(job);
      return {
        id,
        about,
        isDone: true,
        message: 'PayCools is already being asked about the same content, for another callback',
      };
    }
    // It may be decided already, as unrecognized: only the confirmation knows when this job is no longer needed.
    return { id, about, isDone: true, message: 'remains here until PayCools confirms or contradicts it' };
  }
  await jobs.remove(job);
  return { id, about, isDone: true, message: `${kind} as ${made.type}` };
};

type Awaiting = Extract<Redriven, { readonly kind: 'awaiting-confirmation' }>;

/** Whether the same content waits, or waited, for its confirmation as another callback: nothing depends on this one then. */
const isAskedForAnother = async (
  jobs: JobPorts['jobs'],
  { isNew, contentId }: Awaiting,
  { id }: UnrecognizedEvent,
): Promise<boolean> => {
  const waiting = isNew ? null : await jobs.find(queues.confirmation, contentId);
  return waiting !== null && waiting.event.id !== id;
};

const retry = async ({ jobs }: JobPorts, { item, job }: Found): Promise<Acted> => {
  await jobs.retry(job);
  const { id, transactionId, subject, queue } = item;
  return { id, about: transactionId ?? subject, isDone: true, message: `is back on {${queue}}` };
};

/** Gives failed jobs to the workers again, or interprets unrecognized callbacks again. */
export async function* redriveItems(
  ports: JobPorts,
  kind: Exclude<ItemKind, 'finding'>,
  selection: Selection,
): AsyncGenerator<Acted> {
  for await (const found of openItems(ports, kind, selection))
    yield await (kind === 'failed' ? retry(ports, found) : interpretAgain(ports, found));
}

/** Takes items away. A finding is resolved, and reported again when it comes back; everything else is discarded. */
export async function* discardItems(ports: JobPorts, kind: ItemKind, selection: Selection): AsyncGenerator<Acted> {
  for await (const { item, job } of openItems(ports, kind, selection)) {
    await (kind === 'finding' ? ports.jobs.forget(job) : ports.jobs.remove(job));
    const { id, type, queue, subject, transactionId, merchantOrderId } = item;
    const names = [type, merchantOrderId === null ? null : `order ${merchantOrderId}`].filter(Boolean).join(', ');
    const message = kind === 'finding' ? `resolved: ${names}` : `discarded from {${queue}}: ${names}`;
    yield { id, about: transactionId ?? subject, isDone: true, message };
  }
}
