import { merchantOf, shortType } from '../core/cloud-event.ts';
import type { AnyEvent, FindingEvent, UnrecognizedEvent } from '../core/event.ts';
import { textOrNull } from '../core/json.ts';
import type { Amount } from '../core/money.ts';
import { queues } from '../core/queues.ts';
import { claimsOf } from './claims.ts';
import type { JobPorts, StoredJob } from './ports.ts';

/** What waits for an operator: jobs whose attempts are used up, unrecognized callbacks, and findings. */
export type ItemKind = 'failed' | 'unrecognized' | 'finding';

/** One item that waits for an operator, with the same members for every kind. */
export type OpenItem = {
  readonly kind: ItemKind;
  /** Id of the event on the queue; for a finding, the finding's own id. */
  readonly id: string;
  readonly queue: string;
  /** Event type without the prefix that all share: `payout.succeeded`, `finding.conflict`. */
  readonly type: string;
  readonly merchant: string;
  readonly product: string | null;
  readonly merchantOrderId: string | null;
  readonly transactionId: string | null;
  readonly subject: string;
  readonly amount: Amount | null;
  /** When it was received; ISO 8601 in UTC. */
  readonly receivedAt: string;
  /** When the last attempt failed, in milliseconds since 1970; null unless the kind is `failed`. */
  readonly failedAt: number | null;
  readonly attempts: number;
  /** The last failure, why the callback was not understood, or the summary of the finding. */
  readonly reason: string | null;
  /** As received; null unless the kind is `unrecognized`. */
  readonly eventName: string | null;
  readonly event: AnyEvent;
};

/** Filters items; an empty filter matches all. */
export type ItemFilter = {
  /** A prefix of any of an item's ids, in any case. */
  readonly id?: string;
  readonly product?: string;
  readonly merchant?: string;
  /** Received at or after `since` and before `until`; milliseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
};

/** Some items by their ids, or all that match a filter. */
export type Selection = { readonly ids: readonly string[] } | { readonly filter: ItemFilter };

/** The data of a job, which something else may have put on the queue. */
const dataOf = ({ data }: AnyEvent): Readonly<Record<string, unknown>> => ({ ...data });

const amountOf = (data: Readonly<Record<string, unknown>>, claimed: Amount | null): Amount | null => {
  const { received, recorded, amount } = data as {
    [Name in 'received' | 'recorded']?: { amount: Amount | null } | null;
  } & {
    amount?: Amount | null;
  };
  return amount ?? received?.amount ?? recorded?.amount ?? claimed;
};

const reasonOf = ({ event, failedReason }: StoredJob, kind: ItemKind): string | null => {
  if (kind === 'unrecognized') return (event as UnrecognizedEvent).data.reason;
  return kind === 'finding' ? (event as FindingEvent).data.summary : failedReason;
};

const itemOf = (kind: ItemKind, job: StoredJob): OpenItem => {
  const { event, queue, attempts, addedAt, endedAt } = job;
  const data = dataOf(event);
  const body = textOrNull(data['body']);
  const claims = claimsOf(body === null ? null : new TextEncoder().encode(body));
  const provider = (data['provider'] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    kind,
    id: event.id,
    queue,
    type: shortType(event.type),
    merchant: textOrNull(event.source) === null ? 'unknown' : merchantOf(event), // something else may have added the job
    product: textOrNull(data['product']),
    merchantOrderId: textOrNull(data['merchantOrderId']) ?? claims.merchantOrderId,
    transactionId: textOrNull(data['transactionId']) ?? claims.transactionId,
    subject: event.subject,
    amount: amountOf(data, claims.amount),
    receivedAt: textOrNull(event.receivedat) ?? new Date(addedAt).toISOString(),
    failedAt: kind === 'failed' ? endedAt : null,
    attempts,
    reason: reasonOf(job, kind),
    eventName: kind === 'unrecognized' ? textOrNull(provider['eventName']) : null,
    event,
  };
};

/** The queues of a kind; failed jobs are on those of the products and on that of confirmations. */
const queuesOf = (kind: ItemKind, { ports }: JobPorts): readonly string[] => {
  if (kind === 'unrecognized') return [queues.unrecognized];
  return kind === 'finding' ? [queues.findings] : [...ports.registry.byProduct.keys(), queues.confirmation];
};

const matchesFilter = (
  item: OpenItem,
  { id, product, merchant, since = 0, until = Number.POSITIVE_INFINITY }: ItemFilter,
): boolean => {
  const ids = [item.id, item.subject, item.merchantOrderId, item.transactionId];
  const prefix = id?.toLowerCase() ?? '';
  const at = Date.parse(item.receivedAt);
  return (
    (product === undefined || item.product === product) &&
    (merchant === undefined || item.merchant === merchant) &&
    (Number.isNaN(at) || (at >= since && at < until)) &&
    ids.some((it) => it?.toLowerCase().startsWith(prefix) === true)
  );
};

const isSelected = (item: OpenItem, jobId: string, selection: Selection): boolean =>
  'ids' in selection
    ? selection.ids.some((id) => id === item.id || id === jobId)
    : matchesFilter(item, selection.filter);

/** Items of a kind with their jobs, queue by queue, oldest first. */
export async function* openItems(
  ports: JobPorts,
  kind: ItemKind,
  selection: Selection,
): AsyncGenerator<{ readonly item: OpenItem; readonly job: StoredJob }> {
  for (const queue of queuesOf(kind, ports)) {
    for await (const job of ports.jobs.list(queue, kind === 'failed' ? 'failed' : 'waiting')) {
      const item = itemOf(kind, job);
      if (isSelected(item, job.id, selection)) yield { item, job };
    }
  }
}
