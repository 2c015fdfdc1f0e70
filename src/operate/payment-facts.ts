import { merchantOf, type Origin } from '../core/cloud-event.ts';
import type { FindingData, FindingEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import type { JournalEntry, JournalReader } from '../receive/journal.ts';
import type { Merchants } from '../receive/ports.ts';
import { type Claims, claimsOf } from './claims.ts';
import { hasWholeId } from './matches-query.ts';
import { isDelivering, latestAmount, milestoneOf } from './milestones.ts';
import type {
  Attempt,
  AttemptLog,
  AuditEntry,
  AuditLog,
  JobBrowser,
  JobState,
  Milestone,
  PaymentIndex,
  PaymentKey,
  StoredJob,
} from './ports.ts';

/** An event of a payment, with its job and attempts. */
export type HistoryEvent = {
  readonly id: string;
  /** Short event type, such as `payout.succeeded`. */
  readonly type: string;
  /** When it was received; milliseconds since 1970. */
  readonly at: number;
  /** Null once neither the journal nor a job knows it. */
  readonly origin: Origin | null;
  /** Null if its job no longer exists. */
  readonly job: (StoredJob & { readonly state: JobState | 'unknown' }) | null;
  readonly attempts: readonly Attempt[];
};

/** Everything known about one payment. */
export type PaymentFacts = {
  readonly key: PaymentKey;
  readonly timeZone: string;
  readonly product: string | null;
  readonly merchantOrderId: string | null;
  readonly transactionId: string | null;
  readonly amount: Claims['amount'];
  /** Milestones of its genuine journal entries, oldest first; they outlive the entries. */
  readonly milestones: readonly Milestone[];
  /** Journal entries about it, genuine or not, oldest first. */
  readonly entries: readonly JournalEntry[];
  readonly events: readonly HistoryEvent[];
  readonly findings: readonly (FindingData & { readonly id: string; readonly at: number })[];
  readonly actions: readonly AuditEntry[];
};

export type HistoryPorts = {
  readonly journal: JournalReader;
  readonly index: PaymentIndex;
  readonly jobs: JobBrowser;
  readonly attemptLog: AttemptLog;
  readonly auditLog: AuditLog;
  readonly merchants: Merchants;
};

/** Maximum numbers of findings, actions and callbacks (genuine or not), newest first, that are searched for a payment. */
const MAX_FINDINGS = 1000;
const MAX_ACTIONS = 2000;
const MAX_CALLBACKS = 50;

const eventsOf = async (
  { jobs, attemptLog }: HistoryPorts,
  milestones: readonly Milestone[],
  entries: readonly JournalEntry[],
): Promise<readonly HistoryEvent[]> => {
  const delivered = new Map<string, Milestone>();
  for (const milestone of milestones) {
    const { eventId } = milestone;
    if (eventId !== null && isDelivering(milestone) && !delivered.has(eventId)) delivered.set(eventId, milestone);
  }
  return Promise.all(
    [...delivered].map(async ([id, { type, at, entryId }]): Promise<HistoryEvent> => {
      const product = type?.split('.')[0] ?? queues.unrecognized;
      const entry = entries.find((it) => it.id === entryId);
      const names = [...new Set([entry?.event?.product ?? product, product, queues.confirmation])];
      const found = (await Promise.all(names.map((name) => jobs.find(name, id)))).find((job) => job !== null);
      const job = found === undefined ? null : { ...found, state: await jobs.stateOf(found) };
      const origin = entry?.origin ?? job?.event.origin ?? null;
      return {
        id,
        type: type ?? 'unrecognized',
        at: entry?.receivedAt ?? at,
        origin,
        job,
        attempts: await attemptLog.of(id),
      };
    }),
  );
};

const findingsOf = async (
  { jobs }: HistoryPorts,
  { merchant, id }: PaymentKey,
  eventIds: ReadonlySet<string>,
): Promise<PaymentFacts['findings']> => {
  const latest = await jobs.latest(queues.findings, MAX_FINDINGS);
  return latest
    .map(({ event }) => event as FindingEvent)
    .filter(
      ({ source, subject, data }) =>
        merchantOf({ source }) === merchant &&
        (subject === id || data.transactionId === id || eventIds.has(data.eventId)),
    )
    .map(({ id: findingId, receivedat, data }) => ({ ...data, id: findingId, at: Date.parse(receivedat) }))
    .toReversed();
};

/** Callbacks that are not genuine and claim one of these ids. */
const suspectsOf = async (journal: JournalReader, ids: readonly string[]): Promise<readonly JournalEntry[]> => {
  const pages = await Promise.all(ids.map((id) => journal.list({ id, isGenuine: false, limit: MAX_CALLBACKS })));
  return pages.flatMap(({ entries }, index) => entries.filter((entry) => hasWholeId(entry, ids[index] ?? '')));
};

const distinctByTime = (entries: readonly JournalEntry[]): JournalEntry[] =>
  [...new Map(entries.map((entry) => [entry.id, entry])).values()].toSorted((a, b) => a.receivedAt - b.receivedAt);

const distinctIds = (values: readonly (string | null | undefined)[]): string[] => [
  ...new Set(values.filter((value) => value != null)),
];

/** Genuine entries about a payment, oldest first. */
const genuineEntries = async (
  { journal }: HistoryPorts,
  { merchant, id }: PaymentKey,
  milestones: readonly Milestone[],
): Promise<readonly JournalEntry[]> => {
  const recent = await journal.list({ id, isGenuine: true, limit: MAX_CALLBACKS });
  return distinctByTime([
    ...(await journal.get(milestones.map(({ entryId }) => entryId))),
    ...recent.entries.filter((entry) => entry.merchant === merchant && hasWholeId(entry, id)),
  ]);
};

type PaymentTraces = Pick<PaymentFacts, 'entries' | 'events' | 'findings'> & {
  /** The payment's own ids, and those that its genuine entries name. */
  readonly ids: readonly string[];
};

/** Operators' actions on a payment, its events, entries or findings; oldest first. */
const actionsOf = async (
  { auditLog }: HistoryPorts,
  key: PaymentKey,
  { ids, entries, events, findings }: PaymentTraces,
): Promise<readonly AuditEntry[]> => {
  const traces = [...ids, ...events.map(({ id }) => id), ...entries.flatMap(({ id, requestId }) => [id, requestId])];
  const names = new Set(traces.map((id) => id.toLowerCase()));
  const findingIds = new Set(findings.map(({ id }) => id));
  const actions = await auditLog.latest(MAX_ACTIONS);
  return actions
    .filter(({ id, about }) => names.has(id.toLowerCase()) || findingIds.has(id) || about === key.id)
    .toReversed();
};

/**
 * Collects everything known about a payment: callbacks with their outcomes, events with their jobs and attempts,
 * findings, and operators' actions. Rejects while Redis is unavailable.
 */
export const readPayment = async (ports: HistoryPorts, key: PaymentKey): Promise<PaymentFacts> => {
  const milestones = await ports.index.milestones(key);
  const genuine = await genuineEntries(ports, key, milestones);
  const last = genuine.findLast(isDelivering) ?? genuine.at(-1);
  const lastClaims = claimsOf(last?.body ?? null);
  const transactionId = last?.event?.transactionId ?? (key.kind === 'transaction' ? key.id : null);
  const merchantOrderId = last?.event?.merchantOrderId ?? lastClaims.merchantOrderId;
  const ids = distinctIds([key.id, transactionId, merchantOrderId]);
  const suspects = await suspectsOf(ports.journal, ids);
  const entries = distinctByTime([...genuine, ...suspects]);
  const remembered = milestones.length > 0 ? milestones : genuine.map(milestoneOf);
  const events = await eventsOf(ports, remembered, entries);
  const findings = await findingsOf(ports, key, new Set(events.map(({ id }) => id)));
  const allIds = [...ids, ...genuine.flatMap(({ body }) => claimsOf(body).ids)];
  // If nothing was proved, claims are all there is to show.
  const claim = genuine.length === 0 && remembered.length === 0 ? suspects.at(-1) : undefined;
  const claimed = claimsOf(claim?.body ?? null);
  return {
    key,
    timeZone: ports.merchants.find(key.merchant)?.timeZone ?? 'UTC',
    product: last?.event?.product ?? remembered.at(-1)?.type?.split('.')[0] ?? last?.address ?? claim?.address ?? null,
    merchantOrderId: merchantOrderId ?? claimed.merchantOrderId,
    transactionId,
    amount: lastClaims.amount ?? latestAmount(remembered) ?? claimed.amount,
    milestones: remembered,
    entries,
    events,
    findings,
    actions: await actionsOf(ports, key, { ids: allIds, entries, events, findings }),
  };
};
