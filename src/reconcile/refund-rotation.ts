import { addDays, dayOf, daysOf } from '../core/day.ts';
import type { Subject } from '../core/event-id.ts';
import { sightingOf } from '../receive/history.ts';
import type { Known } from './compare.ts';
import type { RotationPosition } from './ports.ts';
import { askable } from './reconcile-known.ts';
import { reconcileRefunds } from './reconcile-rows.ts';
import { emptyTally, type Page, type RunContext, tallyEach } from './run-context.ts';

/** Days after the payment during which a refund is possible (PAYCOOLS.md 8.8, code 1509). */
const REFUND_DAYS = 60;

/** What a run has done of it. */
type Rotation = RotationPosition & {
  readonly requests: number;
  /** Days that have been walked through to their end. */
  readonly days: number;
};

/** Days whose payments may still be refunded and are not asked about anyway, the oldest first. */
const rotationDays = ({ ports, merchant, window, depth }: RunContext): readonly string[] => {
  const today = dayOf(ports.now(), merchant.timeZone);
  const kept = Math.min(REFUND_DAYS, ports.retentionDays);
  const isAsked = (day: string): boolean => depth === 'full' && day >= window.from && day <= window.to;
  return daysOf({ from: addDays(today, 1 - kept), to: today }).filter((day) => !isAsked(day));
};

const isPaid = ({ provider }: RunContext, { entry }: Known): boolean =>
  sightingOf(entry, 'succeeded') !== undefined && provider.collections.includes(entry.product);

const paymentsAmong = async (context: RunContext, subjects: readonly Subject[]): Promise<readonly Known[]> => {
  const transactions = subjects.filter(({ kind }) => kind === 'transaction');
  return (await askable(context, transactions)).filter((known) => isPaid(context, known));
};

const start = async ({ ports, merchant }: RunContext, cursor: string | null): Promise<Rotation | null> => {
  if (cursor !== null) return JSON.parse(cursor) as Rotation;
  const position = await ports.store.rotation(merchant.name);
  return position === null ? null : { ...position, requests: 0, days: 0 };
};

/** The part of a page of subjects that the budget allows, and where the rotation continues. */
const nextPart = async (
  context: RunContext,
  days: readonly string[],
  { day, cursor, index, requests, days: walked }: Rotation,
) => {
  const { subjects, next } = await context.ports.reader.ofDay(context.merchant.name, day, cursor);
  const payments = await paymentsAmong(context, subjects);
  const asked = payments.slice(index, index + context.refundBudget - requests);
  const isPageDone = index + asked.length >= payments.length;
  const isDayDone = isPageDone && next === null;
  const following = days[(days.indexOf(day) + 1) % days.length] ?? day;
  const position: RotationPosition = isDayDone
    ? { day: following, cursor: null, index: 0 }
    : { day, cursor: isPageDone ? next : cursor, index: isPageDone ? 0 : index + asked.length };
  const rotation = { ...position, requests: requests + asked.length, days: isDayDone ? walked + 1 : walked };
  return { asked, rotation };
};

/**
 * Asks for the refunds of older payments that the ledger knows, in rotation: as many in a run as its budget allows, and
 * the next run continues there. PayCools lists refunds by payment only, so nothing else finds one whose callback was lost.
 */
export async function* refundPages(context: RunContext, cursor: string | null): AsyncGenerator<Page> {
  const { ports, merchant, apply, refundBudget } = context;
  const days = rotationDays(context);
  const [oldest] = days;
  if (refundBudget === 0 || oldest === undefined) return yield { tally: emptyTally(), next: null };
  const begun = await start(context, cursor);
  let rotation: Rotation =
    begun !== null && days.includes(begun.day) ? begun : { day: oldest, cursor: null, index: 0, requests: 0, days: 0 };
  for (;;) {
    const part = await nextPart(context, days, rotation);
    const tally = { ...emptyTally(), refundRequests: part.asked.length };
    await tallyEach(context, tally, part.asked, ({ subject }, one) => reconcileRefunds(context, subject.id, one));
    rotation = part.rotation;
    const { day, cursor: at, index } = rotation;
    if (apply) await ports.store.saveRotation(merchant.name, { day, cursor: at, index });
    const isDone = rotation.requests >= refundBudget || rotation.days >= days.length;
    yield { tally, next: isDone ? null : JSON.stringify(rotation) };
    if (isDone) return;
  }
}
