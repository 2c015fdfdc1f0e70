import { Cluster } from 'ioredis';
import { HOUR_MS } from '../../core/time.ts';
import type { SubjectOfMerchant } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, sendCommand } from '../lua-script.ts';
import { ledgerKeys } from './ledger-keys.ts';

/** In which slot of a cluster a history is. */
export type HistorySlot = {
  /** The family whose queue is in that slot; '' where no family is in the key. */
  readonly family: string;
  /** The history that an earlier version left, as text, where the slot has none yet; '' for none. */
  readonly inherited: string;
};

/** Where a history is on one Redis, which has one slot, as it were. */
export const ONE_REDIS: HistorySlot = { family: '', inherited: '' };

/**
 * Where the histories of a cluster are. A history is in the slot of its family's queue, so that one script call writes both.
 * But the same subject may arrive as another family, so the first family is noted by itself, in a slot that only the subject
 * decides: two receivers never begin two histories. The note is only the slot: the family of the subject is that of its history.
 */
export interface HistorySlots {
  /** The slot of a subject: that of the family where none was noted. From now on it is this one. */
  claim(subject: SubjectOfMerchant, family: string): Promise<HistorySlot>;
  /** The slot of a subject; null where none was noted. */
  find(subject: SubjectOfMerchant): Promise<HistorySlot | null>;
}

export type HistorySlotsOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long a history is kept after its last change, in milliseconds. */
  readonly retentionMs: number;
};

/** What is noted must outlive the history, which is written a moment later. */
const MARGIN_MS = HOUR_MS;

const slotOf = (noted: string): HistorySlot => {
  const blank = noted.indexOf(' ');
  if (blank < 0) return { family: noted, inherited: '' };
  return { family: noted.slice(0, blank), inherited: noted.slice(blank + 1) };
};

/** Null on one Redis, where every key is at hand. */
export const openHistorySlots = ({ redis, prefix, retentionMs }: HistorySlotsOptions): HistorySlots | null => {
  if (!(redis instanceof Cluster)) return null;
  const keys = ledgerKeys(prefix);
  const claimAgain = loadScript<string>(redis, 'claim-slot');
  const keptMs = retentionMs + MARGIN_MS;
  return {
    // Most subjects are new, and a plain command costs half of a script call.
    claim: async (subject, family) => {
      const key = keys.history(subject);
      if ((await sendCommand(redis, 'set', [key, family, 'PX', keptMs, 'NX'])) !== null)
        return { family, inherited: '' };
      return slotOf(await claimAgain([key], [family, keptMs]));
    },
    find: async (subject) => {
      const noted = await redis.get(keys.history(subject));
      if (noted === null) return null;
      // A history of an earlier version is here itself, until somebody claims its subject.
      return noted.startsWith('[') ? ONE_REDIS : slotOf(noted);
    },
  };
};
