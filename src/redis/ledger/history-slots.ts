import { Cluster } from 'ioredis';
import { HOUR_MS } from '../../core/time.ts';
import type { SubjectOfMerchant } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, sendCommand } from '../lua-script.ts';
import { ledgerKeys } from './ledger-keys.ts';

/** The slot of a cluster that a history is in. */
export type HistorySlot = {
  /** The family whose queue is in that slot; '' if the key of the history has no family. */
  readonly family: string;
  /** The history of an earlier version, as text, which counts while the slot has none; '' for none. */
  readonly inherited: string;
};

/** The slot on one Redis: keys have no family there. */
export const ONE_REDIS: HistorySlot = { family: '', inherited: '' };

/**
 * Where the histories of a cluster are. A history is in the slot of its family's queue, so that one script call writes both.
 * The same subject may arrive as different families, so the first family to arrive claims the slot, under a key that
 * contains no family: two receivers never begin two histories. The claim decides the slot only, not the subject's family.
 */
export interface HistorySlots {
  /** Returns the slot of a subject; if it has none, from now on that of this family. */
  claim(subject: SubjectOfMerchant, family: string): Promise<HistorySlot>;
  /** Returns the slot of a subject; null if none is claimed. */
  find(subject: SubjectOfMerchant): Promise<HistorySlot | null>;
}

export type HistorySlotsOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long histories are kept after their last change, in milliseconds. */
  readonly retentionMs: number;
};

/** A claim must outlive its history, which is written after it. */
const MARGIN_MS = HOUR_MS;

const slotOf = (claim: string): HistorySlot => {
  const blank = claim.indexOf(' ');
  if (blank < 0) return { family: claim, inherited: '' };
  return { family: claim.slice(0, blank), inherited: claim.slice(blank + 1) };
};

/** Returns null on one Redis, which has no slots. */
export const openHistorySlots = ({ redis, prefix, retentionMs }: HistorySlotsOptions): HistorySlots | null => {
  if (!(redis instanceof Cluster)) return null;
  const keys = ledgerKeys(prefix);
  const claimAgain = loadScript<string>(redis, 'claim-slot');
  const keptMs = retentionMs + MARGIN_MS;
  return {
    // Most subjects are new, and a plain command costs half as much as a script call.
    claim: async (subject, family) => {
      const key = keys.history(subject);
      if ((await sendCommand(redis, 'set', [key, family, 'PX', keptMs, 'NX'])) !== null)
        return { family, inherited: '' };
      return slotOf(await claimAgain([key], [family, keptMs]));
    },
    find: async (subject) => {
      const claim = await redis.get(keys.history(subject));
      if (claim === null) return null;
      // An earlier version stored the history itself under this key.
      return claim.startsWith('[') ? ONE_REDIS : slotOf(claim);
    },
  };
};
