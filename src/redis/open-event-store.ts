import type { EventQueue, Ledger, LedgerReader } from '../receive/ports.ts';
import { RedisLedger } from './ledger/redis-ledger.ts';
import { BullEventQueue, type EventQueueOptions } from './queue/event-queue.ts';

/** What events are stored with: the ledger of their subjects, and their queues. */
export type EventStore = { readonly ledger: Ledger & LedgerReader; readonly queue: EventQueue };

/** Opens ledger and event queue on a connection, which stays the caller's. */
export const openEventStore = (options: EventQueueOptions): EventStore => ({
  ledger: new RedisLedger({ ...options, retentionMs: options.deduplicationMs }),
  queue: new BullEventQueue(options),
});
