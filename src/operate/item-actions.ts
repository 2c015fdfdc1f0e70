import { merchantOf } from '../core/cloud-event.ts';
import type { UnrecognizedEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { type Redriven, redrive } from '../receive/unrecognized.ts';
import { type ItemKind, type OpenItem, openItems, type Selection } from './open-items.ts';
import type { ActionResult } from './operations.ts';
import type { JobPorts, StoredJob } from './ports.ts';

/** The result of an action on one item, and the payment that it concerns. */
export type ItemResult = ActionResult & { readonly about: string };

type ItemJob = { readonly item: OpenItem; readonly job: StoredJob };

const resultOf = ({ id, transactionId, subject }: OpenItem, isDone: boolean, message: string): ItemResult => ({
  id,
  about: transactionId ?? subject,
  isDone,
  message,
});

const interpretAgain = async ({ ports, merchants, jobs }: JobPorts, { item, job }: ItemJob): Promise<ItemResult> => {
  const unrecognized = item.event as UnrecognizedEvent;
  const merchant = merchants.find(merchantOf(unrecognized));
  if (merchant === undefined) return resultOf(item, false, 'its merchant is not configured');
  const outcome = await redrive(ports, merchant, unrecognized);
  if (!outcome.ok) return resultOf(item, false, outcome.error);
  const { kind, event } = outcome.value;
  if (kind === 'awaiting-confirmation') {
    if (await isAwaitedByAnother(jobs, outcome.value, unrecognized)) {
      await jobs.remove(job);
      return resultOf(item, true, 'PayCools is already being asked about the same content, for another callback');
    }
    // The confirmation may have ended as unrecognized; only it knows when this job is no longer needed.
    return resultOf(item, true, 'remains here until PayCools confirms or contradicts it');
  }
  await jobs.remove(job);
  return resultOf(item, true, `${kind} as ${event.type}`);
};

type Awaiting = Extract<Redriven, { readonly kind: 'awaiting-confirmation' }>;

/** Whether the confirmation of this content belongs to another callback, so that nothing depends on this one. */
const isAwaitedByAnother = async (
  jobs: JobPorts['jobs'],
  { isNew, contentId }: Awaiting,
  { id }: UnrecognizedEvent,
): Promise<boolean> => {
  const confirmation = isNew ? null : await jobs.find(queues.confirmation, contentId);
  return confirmation !== null && confirmation.event.id !== id;
};

const retry = async ({ jobs }: JobPorts, { item, job }: ItemJob): Promise<ItemResult> => {
  await jobs.retry(job);
  return resultOf(item, true, `is back on {${item.queue}}`);
};

/** Puts failed jobs back on their queues, or interprets unrecognized callbacks again. */
export async function* redriveItems(
  ports: JobPorts,
  kind: Exclude<ItemKind, 'finding'>,
  selection: Selection,
): AsyncGenerator<ItemResult> {
  for await (const itemJob of openItems(ports, kind, selection))
    yield await (kind === 'failed' ? retry(ports, itemJob) : interpretAgain(ports, itemJob));
}

/** Removes items. A finding is resolved, and reported again if it recurs; everything else is discarded. */
export async function* discardItems(ports: JobPorts, kind: ItemKind, selection: Selection): AsyncGenerator<ItemResult> {
  for await (const { item, job } of openItems(ports, kind, selection)) {
    await (kind === 'finding' ? ports.jobs.forget(job) : ports.jobs.remove(job));
    const { type, queue, merchantOrderId } = item;
    const names = [type, merchantOrderId === null ? null : `order ${merchantOrderId}`].filter(Boolean).join(', ');
    yield resultOf(item, true, kind === 'finding' ? `resolved: ${names}` : `discarded from {${queue}}: ${names}`);
  }
}
