import { type Subject, subjectKey } from '../../core/event-id.ts';
import type { SubjectOfMerchant } from '../../receive/ports.ts';

/**
 * The keys of the ledger. In a cluster, keys that are written together with an event contain its family, so that they are in
 * the slot of its queue. On one Redis no key contains a family.
 */
export type LedgerKeys = {
  /** The history of a subject. In a cluster the key without a family has the claim of its slot ({@link HistorySlots}). */
  readonly history: (subject: SubjectOfMerchant, family?: string) => string;
  /** The name under which the ledger knows a subject that has several. */
  readonly alias: (merchant: string, subject: Subject) => string;
  /** The subjects of a day. */
  readonly day: (merchant: string, day: string, family?: string) => string;
  /** The open subjects: those that are pending. */
  readonly open: (merchant: string, family?: string) => string;
};

/** The same hash tag as that of the queue, which decides the slot. */
const tag = (family = ''): string => (family === '' ? '' : `{${family}}:`);

/** @param prefix first part of every key */
export const ledgerKeys = (prefix: string): LedgerKeys => ({
  history: ({ merchant, subject }, family) => `${prefix}:ledger:${tag(family)}${merchant}:${subjectKey(subject)}`,
  alias: (merchant, subject) => `${prefix}:ledger-name:${merchant}:${subjectKey(subject)}`,
  day: (merchant, day, family) => `${prefix}:ledger-day:${tag(family)}${merchant}:${day}`,
  open: (merchant, family) => `${prefix}:ledger-open:${tag(family)}${merchant}`,
});
