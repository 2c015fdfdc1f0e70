import { type Subject, subjectKey } from '../../core/event-id.ts';
import type { SubjectOfMerchant } from '../../receive/ports.ts';

/**
 * The keys of the ledger. In a cluster, those that are written together with an event name its family: they are in the slot
 * of its queue. On one Redis no key names one.
 */
export type LedgerKeys = {
  /** The history of a subject; in a cluster without a family, where the family is noted ({@link HistorySlots}). */
  readonly history: (subject: SubjectOfMerchant, family?: string) => string;
  /** The name under which a subject with several is known. */
  readonly alias: (merchant: string, subject: Subject) => string;
  /** The subjects of a day. */
  readonly day: (merchant: string, day: string, family?: string) => string;
  /** The subjects that are pending. */
  readonly open: (merchant: string, family?: string) => string;
};

/** The braces are those of the queue: what is in them decides the slot. */
const tag = (family = ''): string => (family === '' ? '' : `{${family}}:`);

/** @param prefix first part of every key */
export const ledgerKeys = (prefix: string): LedgerKeys => ({
  history: ({ merchant, subject }, family) => `${prefix}:ledger:${tag(family)}${merchant}:${subjectKey(subject)}`,
  alias: (merchant, subject) => `${prefix}:ledger-name:${merchant}:${subjectKey(subject)}`,
  day: (merchant, day, family) => `${prefix}:ledger-day:${tag(family)}${merchant}:${day}`,
  open: (merchant, family) => `${prefix}:ledger-open:${tag(family)}${merchant}`,
});
