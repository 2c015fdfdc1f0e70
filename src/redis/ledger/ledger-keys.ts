import { type Subject, subjectKey } from '../../core/event-id.ts';
import type { SubjectOfMerchant } from '../../receive/ports.ts';

/** The keys of the ledger. In a cluster each is in a slot of its own. */
export type LedgerKeys = {
  /** The history of a subject. */
  readonly history: (subject: SubjectOfMerchant) => string;
  /** The name under which a subject with several is known. */
  readonly alias: (merchant: string, subject: Subject) => string;
  /** The subjects of a day. */
  readonly day: (merchant: string, day: string) => string;
  /** The subjects that are pending. */
  readonly open: (merchant: string) => string;
};

/** @param prefix first part of every key */
export const ledgerKeys = (prefix: string): LedgerKeys => ({
  history: ({ merchant, subject }) => `${prefix}:ledger:${merchant}:${subjectKey(subject)}`,
  alias: (merchant, subject) => `${prefix}:ledger-name:${merchant}:${subjectKey(subject)}`,
  day: (merchant, day) => `${prefix}:ledger-day:${merchant}:${day}`,
  open: (merchant) => `${prefix}:ledger-open:${merchant}`,
});
