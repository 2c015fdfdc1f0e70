import { type Subject, subjectOfKey } from '../../core/event-id.ts';
import { emptyHistory, type History, type KnownHistory } from '../../receive/history.ts';
import type {
  IndexedSubject,
  Ledger,
  LedgerReader,
  StoredHistory,
  SubjectOfMerchant,
  SubjectPage,
} from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, readItemReply, type Script } from '../lua-script.ts';
import { createTickBatch } from '../tick-batch.ts';
import { DayIndex } from './day-index.ts';
import { encodeHistory, storedOf } from './history-codec.ts';
import { type HistorySlot, type HistorySlots, ONE_REDIS, openHistorySlots } from './history-slots.ts';
import { type LedgerKeys, ledgerKeys } from './ledger-keys.ts';
import { createResolveName, type ResolveName } from './subject-names.ts';

type Replacement = { readonly key: string; readonly before: string; readonly after: string };

/** Maximum number of histories per script call: Redis is blocked while it runs. */
const BATCH = 64;

export type RedisLedgerOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long histories are kept after their last change, in milliseconds. */
  readonly retentionMs: number;
  /** All families: in a cluster each has its own index by day. */
  readonly families: readonly string[];
};

/** Decides the slot in a cluster if a subject has no family yet. */
const NO_FAMILY = 'ledger';

/** Version 0.1 stored hashes. They count as unknown, and are replaced when their subject is seen again. */
const nullIfHash = (error: unknown): null => {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
  throw error;
};

/**
 * A {@link Ledger} in Redis: one text per subject, which expires with the retention and is in the slot of its family's queue
 * in a cluster; and an index by day.
 */
export class RedisLedger implements Ledger, LedgerReader {
  readonly resolveName: ResolveName;
  readonly #script: Script<(string[] | string)[]>;
  readonly #options: RedisLedgerOptions;
  readonly #keys: LedgerKeys;
  readonly #slots: HistorySlots | null;
  readonly #index: DayIndex;
  readonly #replace: (replacement: Replacement) => Promise<string | null>;
  readonly #addToIndex: (subject: IndexedSubject) => Promise<undefined>;

  constructor(options: RedisLedgerOptions) {
    this.#options = options;
    this.#keys = ledgerKeys(options.prefix);
    this.#slots = openHistorySlots(options);
    this.resolveName = createResolveName(options);
    this.#index = new DayIndex(options);
    this.#script = loadScript(options.redis, 'replace-histories');
    const limit = this.#slots === null ? BATCH : 1; // the keys of a script call must be in one slot
    this.#replace = createTickBatch({ limit, perform: (replacements) => this.#replaceAll(replacements) });
    this.#addToIndex = createTickBatch({ limit: BATCH, perform: (subjects) => this.#indexAll(subjects) });
  }

  async read(subject: SubjectOfMerchant): Promise<StoredHistory | null> {
    return this.#read(subject).catch(nullIfHash);
  }

  async replace(subject: SubjectOfMerchant, before: StoredHistory | null, history: History) {
    const slot = await this.#slots?.claim(subject, history.product ?? NO_FAMILY);
    if (slot !== undefined && slot.inherited !== '' && before === null) {
      return { isWritten: false, stored: (await this.#readIn(subject, slot)) ?? storedOf('') };
    }
    const key = this.#keys.history(subject, slot?.family);
    const after = encodeHistory(history);
    const current = await this.#replace({ key, before: before?.version ?? '', after });
    if (current === null) return { isWritten: true, stored: { history, version: after } };
    return { isWritten: false, stored: storedOf(current, slot?.inherited) };
  }

  async index(subject: IndexedSubject): Promise<void> {
    await this.#addToIndex(subject);
  }

  /** Sends single commands together, because the subjects are in many slots of a cluster. */
  async find(merchant: string, subjects: readonly Subject[]): Promise<readonly (KnownHistory | null)[]> {
    const histories = subjects.map(async (subject) => {
      const alias =
        subject.kind === 'refund' ? await this.#options.redis.get(this.#keys.alias(merchant, subject)) : null;
      const known = alias === null ? subject : subjectOfKey(alias);
      const { product, ...history } = (await this.read({ merchant, subject: known }))?.history ?? emptyHistory;
      return product === null || history.sightings.length === 0 ? null : { product, ...history };
    });
    return Promise.all(histories);
  }

  ofDay(merchant: string, day: string, cursor: string | null): Promise<SubjectPage> {
    return this.#index.ofDay(merchant, day, cursor);
  }

  open(merchant: string, cursor: string | null): Promise<SubjectPage> {
    return this.#index.open(merchant, cursor);
  }

  close(merchant: string, subjects: readonly Subject[]): Promise<void> {
    return this.#index.close(merchant, subjects);
  }

  async #read(subject: SubjectOfMerchant): Promise<StoredHistory | null> {
    const slot = await this.#slots?.find(subject);
    return slot === null ? null : this.#readIn(subject, slot);
  }

  async #readIn(subject: SubjectOfMerchant, slot: HistorySlot = ONE_REDIS): Promise<StoredHistory | null> {
    const text = await this.#options.redis.get(this.#keys.history(subject, slot.family));
    return text === null && slot.inherited === '' ? null : storedOf(text ?? '', slot.inherited);
  }

  async #replaceAll(replacements: readonly Replacement[]): Promise<readonly (string | null | Error)[]> {
    const replies = await this.#script(
      replacements.map(({ key }) => key),
      [this.#options.retentionMs, ...replacements.flatMap(({ before, after }) => [before, after])],
    );
    return replies.map((reply) => readItemReply(reply, ([current]) => current ?? null));
  }

  async #indexAll(subjects: readonly IndexedSubject[]): Promise<undefined[]> {
    await this.#index.add(subjects);
    return [];
  }
}
