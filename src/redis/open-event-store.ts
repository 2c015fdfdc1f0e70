import type { Commit, EventQueue, Ledger, LedgerReader } from '../receive/ports.ts';
import { RedisLedger, type RedisLedgerOptions } from './ledger/redis-ledger.ts';
import { BullEventQueue, type EventQueueOptions } from './queue/event-queue.ts';

/** What events are stored with: the ledger of their subjects, their queues, and both in one step where BullMQ is a known one. */
export type EventStore = {
  readonly ledger: Ledger & LedgerReader;
  readonly queue: EventQueue;
  readonly commit: Commit | null;
};

export type EventStoreOptions = EventQueueOptions & Pick<RedisLedgerOptions, 'families'>;

/** Opens ledger and event queue on a connection, which stays the caller's. */
export const openEventStore = (options: EventStoreOptions): EventStore => {
  const queue = new BullEventQueue(options);
  const ledger = new RedisLedger({ ...options, retentionMs: options.deduplicationMs });
  return { ledger, queue, commit: queue.commit };
};
