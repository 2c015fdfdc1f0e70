import type { PaymentEvent } from '../../core/event.ts';
import { subjectKey } from '../../core/event-id.ts';
import type { Commit, EventWithHistory } from '../../receive/ports.ts';
import { encodeHistory, storedOf } from '../ledger/history-codec.ts';
import { type HistorySlot, type HistorySlots, ONE_REDIS } from '../ledger/history-slots.ts';
import type { LedgerKeys } from '../ledger/ledger-keys.ts';
import { createTickBatch, waitBriefly } from '../tick-batch.ts';
import type { AddResult, NewJob } from './add-events.ts';

/** A job with the history of its subject. */
export type EventJob = { readonly event: PaymentEvent; readonly history: NonNullable<NewJob['history']> };

export type CommitOptions = {
  readonly keys: LedgerKeys;
  /** Where the histories of a cluster are; null on one Redis. */
  readonly slots: HistorySlots | null;
  /** Most events that are stored together. */
  readonly limit: number;
  /** Adds the event to the queue of its family. */
  readonly add: (job: EventJob) => Promise<AddResult>;
};

/** Stores an event together with the history of its subject; in a cluster, once it is known in which slot that is. */
export const createCommit = ({ keys, slots, limit, add }: CommitOptions): Commit => {
  const store = async (stored: EventWithHistory, slot: HistorySlot) => {
    const { event } = stored;
    const result = await add({ event, history: jobHistory(keys, stored, slot) });
    return typeof result === 'string' ? { added: result } : { current: storedOf(result.present, slot.inherited) };
  };
  if (slots === null) return (stored) => store(stored, ONE_REDIS);
  // The script would not see a history in another slot, nor one of an earlier version: the ledger does.
  const storeIn = (stored: EventWithHistory, slot: HistorySlot) => {
    const isHidden = slot.family !== stored.event.data.product || (stored.before === null && slot.inherited !== '');
    return isHidden ? null : store(stored, slot);
  };
  // Those that arrive together stay together in both steps: the fewer times each node wakes up and syncs, the less it costs.
  const claim = createTickBatch({
    limit,
    perform: async (all: readonly Claim[]) => {
      const claims = all.map(({ stored }) => slots.claim(stored, stored.event.data.product));
      await waitBriefly(claims);
      return claims;
    },
    untilDone: (all) => Promise.all(all.map(({ done }) => done)),
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

/** An event whose slot is claimed; `done` resolves when it is stored, or is not. */
type Claim = { readonly stored: EventWithHistory; readonly done: Promise<void> };

const jobHistory = (
  keys: LedgerKeys,
  { before, after, isKnown, day, isOpen, ...subject }: EventWithHistory,
  { family, inherited }: HistorySlot,
) => ({
  key: keys.history(subject, family),
  expected: before?.version ?? '',
  after: encodeHistory(after),
  // An earlier version knows what it delivered by its marks.
  isDeduplicated: isKnown || inherited !== '',
  member: subjectKey(subject.subject),
  dayKey: keys.day(subject.merchant, day, family),
  openKey: isOpen ? keys.open(subject.merchant, family) : null,
});
