import type { PaymentEvent } from '../../core/event.ts';
import { subjectKey } from '../../core/event-id.ts';
import type { Commit, EventWithHistory } from '../../receive/ports.ts';
import { encodeHistory, storedOf } from '../ledger/history-codec.ts';
import { type HistorySlot, type HistorySlots, ONE_REDIS } from '../ledger/history-slots.ts';
import type { LedgerKeys } from '../ledger/ledger-keys.ts';
import { createTickBatch, waitBriefly } from '../tick-batch.ts';
import type { AddResult, NewJob } from './add-events.ts';

/** An event with the history of its subject. */
export type EventJob = { readonly event: PaymentEvent; readonly history: NonNullable<NewJob['history']> };

export type CommitOptions = {
  readonly keys: LedgerKeys;
  /** Where histories are in a cluster; null on one Redis. */
  readonly slots: HistorySlots | null;
  /** Maximum number of events stored together. */
  readonly limit: number;
  /** Adds the event to the queue of its family. */
  readonly add: (job: EventJob) => Promise<AddResult>;
};

/** Stores events together with the histories of their subjects; in a cluster, after claiming the slot of each history. */
export const createCommit = ({ keys, slots, limit, add }: CommitOptions): Commit => {
  const store = async (stored: EventWithHistory, slot: HistorySlot) => {
    const { event } = stored;
    const result = await add({ event, history: jobHistory(keys, stored, slot) });
    return typeof result === 'string' ? { added: result } : { current: storedOf(result.current, slot.inherited) };
  };
  if (slots === null) return (stored) => store(stored, ONE_REDIS);
  // The script does not see a history in another slot or of an earlier version, so the caller takes the two-step way.
  const storeIn = (stored: EventWithHistory, slot: HistorySlot) => {
    const isHidden = slot.family !== stored.event.data.product || (stored.before === null && slot.inherited !== '');
    return isHidden ? null : store(stored, slot);
  };
  // Events that arrive together remain together in both steps, so that each node wakes up and syncs as rarely as possible.
  const claim = createTickBatch({
    limit,
    perform: async (claims: readonly Claim[]) => {
      const claimed = claims.map(({ stored }) => slots.claim(stored, stored.event.data.product));
      await waitBriefly(claimed);
      return claimed;
    },
    untilDone: (claims) => Promise.all(claims.map(({ done }) => done)),
  });
  return async (stored) => {
    const { promise: done, resolve } = Promise.withResolvers<void>();
    try {
      return await storeIn(stored, await claim({ stored, done }));
    } finally {
      resolve();
    }
  };
};

/** An event whose slot is claimed; `done` resolves once storing it has succeeded or failed. */
type Claim = { readonly stored: EventWithHistory; readonly done: Promise<void> };

const jobHistory = (
  keys: LedgerKeys,
  { before, after, isKnown, day, isOpen, ...subject }: EventWithHistory,
  { family, inherited }: HistorySlot,
) => ({
  key: keys.history(subject, family),
  expected: before?.version ?? '',
  after: encodeHistory(after),
  // Earlier versions decided by deduplication ids whether an event is new.
  isDeduplicated: isKnown || inherited !== '',
  member: subjectKey(subject.subject),
  dayKey: keys.day(subject.merchant, day, family),
  openKey: isOpen ? keys.open(subject.merchant, family) : null,
});
