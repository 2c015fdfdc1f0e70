import { shortType } from '../core/cloud-event.ts';
import { type Amount, amountOf } from '../core/money.ts';
import type { JournalEntry } from '../receive/journal.ts';
import { claimsOf } from './claims.ts';
import type { Milestone } from './ports.ts';

/** What the payment index records about a journal entry. */
export const milestoneOf = ({ id, receivedAt, outcome, event, body }: JournalEntry): Milestone => ({
  entryId: id,
  at: receivedAt,
  outcome,
  type: event === null ? null : shortType(event.type),
  amount: claimsOf(body).amount,
  eventId: event?.id ?? null,
});

/** Outcomes whose event was put on a queue, or will be. */
const DELIVERING: ReadonlySet<string> = new Set(['accepted', 'unrecognized', 'spooled']);

/** Whether an outcome means that an event is on its way to the workers. */
export const isDelivering = ({ outcome }: Pick<Milestone, 'outcome'>): boolean => DELIVERING.has(outcome);

/** The latest amount that a delivered event stated. */
export const latestAmount = (milestones: readonly Milestone[]): Amount | null => {
  const amount =
    milestones.findLast((milestone) => isDelivering(milestone) && milestone.amount !== null)?.amount ?? null;
  return amount === null ? null : amountOf(amount.minor, amount.currency);
};
