import type { Commit, EventQueue, Ledger, LedgerReader } from '../receive/ports.ts';
import { RedisLedger, type RedisLedgerOptions } from './ledger/redis-ledger.ts';
import { BullEventQueue, type EventQueueOptions } from './queue/event-queue.ts';

/** Where events are stored: the ledger of their subjects and their queues. */
export type EventStore = {
  readonly ledger: Ledger & LedgerReader;
  readonly queue: EventQueue;
  /** Writes both in one step; null if our script was not proved equal to that of the installed BullMQ. */
  readonly commit: Commit | null;
};

export type EventStoreOptions = EventQueueOptions & Pick<RedisLedgerOptions, 'families'>;

/** Opens ledger and event queue on a connection. The caller keeps owning the connection. */
export const openEventStore = (options: EventStoreOptions): EventStore => {
  const queue = new BullEventQueue(options);
  const ledger = new RedisLedger({ ...options, retentionMs: options.deduplicationMs });
  return { ledger, queue, commit: queue.commit };
};
