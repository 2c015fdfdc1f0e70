import { merchantOf, type Origin } from '../core/cloud-event.ts';
import type { AnyEvent, Flag, PaymentEvent } from '../core/event.ts';
import { type JsonRecord, textOrNull } from '../core/json.ts';
import { withoutPadding } from '../wire/padding.ts';
import { type CallbackRecord, eventIn, type GenuineBody, type OutcomeLabel, outcomeLabel } from './outcome.ts';

/**
 * An entry of the journal: a callback with its outcome, genuine or not, or an event that a reconciliation emitted. No
 * request brought the latter, so the fields of a request are null in it.
 */
export type JournalEntry = JournalMeta & {
  /** Id of the entry, not of its event. Among genuine entries, and among the others, ids sort by time. */
  readonly id: string;
  /**
   * The bytes as received, without excessive padding; for an emitted event, its JSON. Null if they cannot be decrypted
   * with the present JOURNAL_KEY.
   */
  readonly body: Uint8Array | null;
  /** Repeats that changed nothing; absent if there were none. */
  readonly repeats?: JournalRepeats;
};

/** Everything in an entry except its bytes, written as one JSON text. */
export type JournalMeta = {
  readonly origin: Origin;
  /** Id of the request, or of the run that emitted the event. */
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly merchant: string;
  /** Product in the address that it was posted to; null if the address names none. */
  readonly address: string | null;
  /** Source address; null for an emitted event. */
  readonly source: string | null;
  readonly outcome: OutcomeLabel;
  /** Status code of the reply; null for an emitted event. */
  readonly status: number | null;
  readonly durationMs: number | null;
  /** Why it was not understood or not well-formed; null otherwise. */
  readonly reason: string | null;
  /** Its event; null if it did not become one. */
  readonly event: JournalEvent | null;
  /** Whether the recorded body is truncated, because the callback is not genuine. */
  readonly isCut: boolean;
};

/** Repeats of a callback, which get no separate entries. */
export type JournalRepeats = {
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastReceivedAt: number;
};

/** What the journal records of an event; the rest is rebuilt from the body. */
type JournalEvent = {
  readonly id: string;
  readonly type: string;
  /** The product whose queue it is on: the one that its subject was first seen as. */
  readonly product: string | null;
  readonly transactionId: string | null;
  readonly merchantOrderId: string | null;
  readonly flags: readonly Flag[];
};

/** Records callbacks without ever delaying or failing one. */
export interface Journal {
  record(entry: NewJournalEntry): void;
}

/** An entry that has not been written yet. */
export type NewJournalEntry = {
  readonly meta: JournalMeta;
  readonly body: Uint8Array;
  /** Equal for all repeats of a genuine callback, however they are padded; absent if no repeats are expected. */
  readonly identity?: string;
  /** The signed members, if they are known. Used to index the entry, not stored. */
  readonly members?: JsonRecord;
};

export type JournalQuery = {
  /** Prefix of an id, in any case: of an order, a transaction, an event, a request, …; or the id of an entry. */
  readonly id?: string;
  readonly product?: string;
  /** Received at or after this time; milliseconds since 1970. */
  readonly since?: number;
  /** Received before this time; milliseconds since 1970. */
  readonly until?: number;
  /** Only genuine callbacks (true), or only the others (false). */
  readonly isGenuine?: boolean;
  /** Maximum number of entries to examine; no limit by default. */
  readonly depth?: number;
  readonly merchant?: string;
  readonly outcome?: OutcomeLabel;
  /** `next` of the previous page; null for the newest entries. */
  readonly cursor?: string | null;
  /** Maximum number of entries to return. */
  readonly limit: number;
};

/** Entries, newest first; `next` is the cursor of the older ones, null at the end. */
export type JournalPage = { readonly entries: readonly JournalEntry[]; readonly next: string | null };

/** Reads the journal. Every method rejects while Redis is unavailable. */
export interface JournalReader {
  list(query: JournalQuery): Promise<JournalPage>;
  /**
   * The newest entry with exactly this id (of an order, a transaction, an event, a request or the entry), preferably
   * one that became an event; null when there is none.
   */
  find(id: string): Promise<JournalEntry | null>;
  /** The entries with these ids; those that no longer exist are left out. */
  get(entryIds: readonly string[]): Promise<readonly JournalEntry[]>;
  /** When the oldest entry was received, in milliseconds since 1970; null when there is none. */
  oldest(): Promise<number | null>;
  /** Yields an empty batch, then every entry written after it, in batches, until the signal is aborted. */
  follow(signal: AbortSignal): AsyncIterable<readonly JournalEntry[]>;
}

const GENUINE: ReadonlySet<OutcomeLabel> = new Set([
  'accepted',
  'duplicate',
  'conflicting',
  'unrecognized',
  'spooled',
  'unavailable',
]);

/** Whether it was proved that PayCools sent it. */
export const isGenuine = ({ outcome }: Pick<JournalEntry, 'outcome'>): boolean => GENUINE.has(outcome);

/** Recorded bodies that are not genuine are truncated to this many bytes; genuine ones have about a tenth of it. */
const MAX_SUSPECT_BODY = 8192;

const journalEvent = ({ id, type, data }: AnyEvent): JournalEvent => {
  const fields: Readonly<Record<string, unknown>> = { ...data };
  const raw: Readonly<Record<string, unknown>> = 'raw' in data ? data.raw : {}; // the ids of an unrecognized callback
  return {
    id,
    type,
    product: textOrNull(fields['product']),
    transactionId: textOrNull(fields['transactionId']) ?? textOrNull(raw['transactionId']),
    merchantOrderId: textOrNull(fields['merchantOrderId']) ?? textOrNull(raw['mchOrderId']),
    flags: Array.isArray(fields['flags']) ? fields['flags'] : [],
  };
};

/** Anyone can repeat a captured callback with other padding, so the signed text is its identity. */
const genuineEntry = (meta: JournalMeta, body: Uint8Array, { fields, proof }: GenuineBody): NewJournalEntry => ({
  meta,
  body: withoutPadding(body, fields),
  identity: proof.signedText,
  members: proof.raw,
});

/** The journal entry of a callback. */
export const callbackEntry = (record: CallbackRecord): NewJournalEntry => {
  const { requestId, receivedAt, merchant, product: address, source, status, durationMs, body, genuine } = record;
  const event = eventIn(record.outcome);
  const isCut = genuine === null && body.length > MAX_SUSPECT_BODY;
  const meta: JournalMeta = {
    origin: 'callback',
    requestId,
    receivedAt,
    merchant,
    address,
    source,
    outcome: outcomeLabel(record.outcome),
    status,
    durationMs,
    reason: 'reason' in record.outcome ? record.outcome.reason : null,
    event: event === null ? null : journalEvent(event),
    isCut,
  };
  if (genuine !== null) return genuineEntry(meta, body, genuine);
  return { meta, body: isCut ? body.slice(0, MAX_SUSPECT_BODY) : body };
};

/** The journal entry of an event that a reconciliation emitted: its body is the event itself. */
export const emissionEntry = (event: PaymentEvent, runId: string): NewJournalEntry => ({
  meta: {
    origin: 'reconciliation',
    requestId: runId,
    receivedAt: Date.parse(event.receivedat),
    merchant: merchantOf(event),
    address: null,
    source: null,
    outcome: 'accepted',
    status: null,
    durationMs: null,
    reason: null,
    event: journalEvent(event),
    isCut: false,
  },
  body: new TextEncoder().encode(JSON.stringify(event)),
});

/** The event in an {@link emissionEntry}; null for a callback, and if the body cannot be decrypted. */
export const emittedEvent = ({ origin, body }: JournalEntry): PaymentEvent | null =>
  origin === 'callback' || body === null ? null : (JSON.parse(new TextDecoder().decode(body)) as PaymentEvent);
