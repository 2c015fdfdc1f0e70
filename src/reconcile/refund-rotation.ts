import { addDays, dayOf, daysOf } from '../core/day.ts';
import type { Subject } from '../core/event-id.ts';
import { sightingOf } from '../receive/history.ts';
import type { KnownSubject } from './compare.ts';
import type { RotationPosition } from './ports.ts';
import { findAskable } from './reconcile-known.ts';
import { reconcileRefunds } from './reconcile-rows.ts';
import { emptyTally, type Page, type RunContext, tallyEach } from './run-context.ts';

/** Days after the payment during which a refund is possible (docs/paycools.md 8.8, code 1509). */
const REFUND_DAYS = 60;

/** The rotation's position, and what this run has done so far. */
type Rotation = RotationPosition & {
  readonly requests: number;
  /** Number of days completed. */
  readonly days: number;
};

/** Days whose payments may still be refunded and that no other step of this run covers, oldest first. */
const rotationDays = ({ ports, merchant, window, depth }: RunContext): readonly string[] => {
  const today = dayOf(ports.now(), merchant.timeZone);
  const kept = Math.min(REFUND_DAYS, ports.retentionDays);
  const isCovered = (day: string): boolean => depth === 'full' && day >= window.from && day <= window.to;
  return daysOf({ from: addDays(today, 1 - kept), to: today }).filter((day) => !isCovered(day));
};

const isPaid = ({ provider }: RunContext, { entry }: KnownSubject): boolean =>
  sightingOf(entry, 'succeeded') !== undefined && provider.collections.includes(entry.product);

const paymentsAmong = async (context: RunContext, subjects: readonly Subject[]): Promise<readonly KnownSubject[]> => {
  const transactions = subjects.filter(({ kind }) => kind === 'transaction');
  return (await findAskable(context, transactions)).filter((known) => isPaid(context, known));
};

const loadRotation = async ({ ports, merchant }: RunContext, cursor: string | null): Promise<Rotation | null> => {
  if (cursor !== null) return JSON.parse(cursor) as Rotation;
  const position = await ports.store.rotation(merchant.name);
  return position === null ? null : { ...position, requests: 0, days: 0 };
};

/** The payments of the current page that fit into the budget, and the rotation after them. */
const nextPart = async (
  context: RunContext,
  days: readonly string[],
  { day, cursor, index, requests, days: daysDone }: Rotation,
) => {
  const { subjects, next } = await context.ports.reader.ofDay(context.merchant.name, day, cursor);
  const payments = await paymentsAmong(context, subjects);
  const part = payments.slice(index, index + context.refundBudget - requests);
  const isPageDone = index + part.length >= payments.length;
  const isDayDone = isPageDone && next === null;
  const following = days[(days.indexOf(day) + 1) % days.length] ?? day;
  const position: RotationPosition = isDayDone
    ? { day: following, cursor: null, index: 0 }
    : { day, cursor: isPageDone ? next : cursor, index: isPageDone ? 0 : index + part.length };
  const after = { ...position, requests: requests + part.length, days: isDayDone ? daysDone + 1 : daysDone };
  return { part, after };
};

/**
 * Asks for the refunds of older payments in the ledger, in rotation: each run spends its budget and the next one
 * continues from there. PayCools lists refunds only by payment, so nothing else finds a refund whose callback was lost.
 */
export async function* rotateRefunds(context: RunContext, cursor: string | null): AsyncGenerator<Page> {
  const { ports, merchant, apply, refundBudget } = context;
  const days = rotationDays(context);
  const [oldest] = days;
  if (refundBudget === 0 || oldest === undefined) return yield { tally: emptyTally(), next: null };
  const stored = await loadRotation(context, cursor);
  let rotation: Rotation =
    stored !== null && days.includes(stored.day)
      ? stored
      : { day: oldest, cursor: null, index: 0, requests: 0, days: 0 };
  for (;;) {
    const { part, after } = await nextPart(context, days, rotation);
    const tally = { ...emptyTally(), refundRequests: part.length };
    await tallyEach(context, tally, part, ({ subject }, each) => reconcileRefunds(context, subject.id, each));
    rotation = after;
    const { requests: _requests, days: _days, ...position } = rotation;
    if (apply) await ports.store.saveRotation(merchant.name, position);
    const isDone = rotation.requests >= refundBudget || rotation.days >= days.length;
    yield { tally, next: isDone ? null : JSON.stringify(rotation) };
    if (isDone) return;
  }
}
