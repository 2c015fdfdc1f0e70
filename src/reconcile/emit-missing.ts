import type { PaymentEvent } from '../core/event.ts';
import { type InterpretedCallback, interpretReply } from '../products/interpret.ts';
import { deliver } from '../receive/deliver.ts';
import { type KnownHistory, sightingOf } from '../receive/history.ts';
import { type Delivery, eventOf } from '../receive/understand.ts';
import type { ComparedSubject } from './compare.ts';
import { decideFamily } from './family.ts';
import { reportFinding } from './finding.ts';
import type { QueryResult } from './ports.ts';
import { ask, leaveOutUnanswered, queryForRow } from './query-subject.ts';
import type { Row } from './row.ts';
import type { RunContext, Tally } from './run-context.ts';

/** Asks every candidate family. The family is decided only if exactly one of them knows the transaction. */
const askCandidates = async (
  context: RunContext,
  tally: Tally,
  { row, candidates }: { readonly row: Row; readonly candidates: readonly string[] },
): Promise<Row | null> => {
  const products = candidates.length > 0 ? candidates : context.provider.collections;
  const results: [product: string, QueryResult][] = [];
  for (const product of products) {
    results.push([product, await context.provider.ask(product, queryForRow(context, row))]);
  }
  const [first, ...others] = results.flatMap(([, result]) => (result.kind === 'found' ? [result.row] : []));
  if (first !== undefined) return others.length === 0 ? first : null;
  // A query without a usable reply matters only if no family knew the transaction.
  for (const [product, result] of results) leaveOutUnanswered(tally, `${product} query of ${row.subject.id}`, result);
  return null;
};

/** Statements do not contain failure reasons; the queries of some families do. */
const addFailure = async (context: RunContext, tally: Tally, row: Row, product: string): Promise<Row> => {
  if (row.status !== 'failed' || row.fields['failedCode'] != null) return { ...row, product };
  const answer = await ask(context, tally, product, queryForRow(context, row));
  return answer.kind === 'found' && answer.row.status === row.status ? answer.row : { ...row, product };
};

/** The row with its family; null if the family cannot be decided. */
const resolveFamily = (
  context: RunContext,
  tally: Tally,
  row: Row,
  entry: KnownHistory | null,
): Promise<Row | null> => {
  const family = decideFamily(context.ports.registry, row, entry);
  return family.kind === 'known'
    ? addFailure(context, tally, row, family.product)
    : askCandidates(context, tally, { row, candidates: family.candidates });
};

const deliveryOf = ({ ports, merchant }: RunContext, interpreted: InterpretedCallback): Delivery => ({
  merchant,
  interpreted,
  origin: 'reconciliation',
  receivedAt: ports.now(),
  flags: [],
  isAmbiguous: false,
});

/** Whether this run emitted the event before it was interrupted. */
const isFromThisRun = ({ startedAt }: RunContext, { row, entry }: ComparedSubject): boolean => {
  const sighting = row?.status == null ? undefined : sightingOf(entry, row.status);
  return sighting?.origin === 'reconciliation' && sighting.first.receivedAt >= startedAt;
};

const countEmitted = (tally: Tally, event: PaymentEvent): void => {
  tally.emitted += 1;
  tally.events.push(event);
};

/**
 * Counts an event that this run emitted before it was interrupted, when it had not yet stored the page.
 *
 * @returns whether this run had emitted it
 */
export const countEmittedBefore = (context: RunContext, compared: ComparedSubject, tally: Tally): boolean => {
  const { row, entry } = compared;
  if (row === null || entry === null || !isFromThisRun(context, compared)) return false;
  const { ports, merchant } = context;
  const interpreted = interpretReply(ports.registry, { ...row, product: entry.product }, merchant.timeZone);
  if (!interpreted.ok) return false;
  const { repeatedAt = null } = sightingOf(entry, interpreted.value.status) ?? {};
  countEmitted(tally, eventOf(deliveryOf(context, interpreted.value), { subject: row.subject, repeatedAt }));
  return true;
};

/** Emits a missing event through the same code as a callback. A dry run only lists it. */
export const emitMissing = async (
  context: RunContext,
  row: Row,
  compared: ComparedSubject,
  tally: Tally,
): Promise<void> => {
  const { ports, merchant } = context;
  const named = await resolveFamily(context, tally, row, compared.entry);
  if (named?.product == null) return reportFinding(context, tally, { compared, reason: 'its family is unknown' });
  const decided = { ...compared, row: named };
  const interpreted = interpretReply(ports.registry, { ...named, product: named.product }, merchant.timeZone);
  if (!interpreted.ok) return reportFinding(context, tally, { compared: decided, reason: interpreted.error });
  const delivery = deliveryOf(context, interpreted.value);
  if (!context.apply) {
    tally.events.push(eventOf(delivery));
    return reportFinding(context, tally, { compared: decided });
  }
  const delivered = await deliver(ports, delivery, { isConfirmed: true });
  if ('reason' in delivered) {
    return reportFinding(context, tally, { compared: decided, reason: delivered.reason });
  }
  if (delivered.kind === 'accepted' || isFromThisRun(context, compared)) countEmitted(tally, delivered.event);
  else tally.matched += 1; // its callback has arrived meanwhile
};
