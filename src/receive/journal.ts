import { merchantOf, type Origin } from '../core/cloud-event.ts';
import type { AnyEvent, Flag, PaymentEvent } from '../core/event.ts';
import { type JsonRecord, textOrNull } from '../core/json.ts';
import { withoutPadding } from '../wire/padding.ts';
import { type CallbackRecord, eventIn, type GenuineBody, type OutcomeLabel, outcomeLabel } from './outcome.ts';

/**
 * What the journal records: a callback with its outcome, genuine or not, or an event that a reconciliation emitted. No
 * request brought the latter, so what a request has is null there.
 */
export type JournalEntry = JournalMeta & {
  /** Id of the entry, not of the event; of the same kind (genuine or not), later ones sort after earlier ones. */
  readonly id: string;
  /** The bytes as received, without padding where there was much; or the event as JSON where no request brought it; null where they cannot be decrypted with the present JOURNAL_KEY. */
  readonly body: Uint8Array | null;
  /** What was received again and changed nothing; absent where nothing was. */
  readonly repeats?: JournalRepeats;
};

/** All of an entry but its bytes: written as one JSON text. */
export type JournalMeta = {
  readonly origin: Origin;
  /** Id of the request, or of the run that emitted the event. */
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly merchant: string;
  /** Product of the address that it was posted to; null where the address names none. */
  readonly address: string | null;
  /** Source address; null where no request brought it. */
  readonly source: string | null;
  readonly outcome: OutcomeLabel;
  /** Status code of the reply; null where no request brought it. */
  readonly status: number | null;
  readonly durationMs: number | null;
  /** Why it was not understood or not well-formed; null otherwise. */
  readonly reason: string | null;
  /** Its event; null where it was not genuine. */
  readonly event: JournalEvent | null;
  /** Whether only the beginning of the body was recorded, because the callback is not genuine. */
  readonly isCut: boolean;
};

/** Repeats of a callback: they take no entries of their own. */
export type JournalRepeats = {
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastReceivedAt: number;
};

/** The event of a callback, as far as the journal records it: the rest is rebuilt from the body. */
type JournalEvent = {
  readonly id: string;
  readonly type: string;
  /** The product whose queue it is on: the one that the subject is pinned to. */
  readonly product: string | null;
  readonly transactionId: string | null;
  readonly merchantOrderId: string | null;
  readonly flags: readonly Flag[];
};

/** Records callbacks, without ever making one wait or fail. */
export interface Journal {
  note(entry: JournalNote): void;
}

/** An entry before it is written. */
export type JournalNote = {
  readonly meta: JournalMeta;
  readonly body: Uint8Array;
  /** The same for all repeats of a genuine callback, however they are padded; absent where none is expected. */
  readonly identity?: string;
  /** What was signed, where that is known: it is not written, but found by what is in it. */
  readonly members?: JsonRecord;
};

export type JournalQuery = {
  /** The beginning of an id of an order, a transaction, an event, a request …, in any case; or an entry's own id. */
  readonly id?: string;
  readonly product?: string;
  /** Received at or after this time, and before that one; milliseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
  /** Only callbacks that were proved (true), or only those that were not (false). */
  readonly isGenuine?: boolean;
  /** Most entries to look at; all by default. */
  readonly depth?: number;
  readonly merchant?: string;
  readonly outcome?: OutcomeLabel;
  /** `next` of the previous page; null for the newest. */
  readonly cursor?: string | null;
  /** Maximum number of entries. */
  readonly limit: number;
};

/** Entries, newest first; `next` leads to older ones, and is null at the end. */
export type JournalPage = { readonly entries: readonly JournalEntry[]; readonly next: string | null };

/** Reads the journal. Every method rejects while Redis is unavailable. */
export interface JournalReader {
  list(query: JournalQuery): Promise<JournalPage>;
  /**
   * The newest entry with this whole id (of an order, a transaction, an event, a request or the entry), one that became
   * an event first; null when there is none.
   */
  find(id: string): Promise<JournalEntry | null>;
  /** The entries with these ids of their own, as far as they are still there. */
  get(entryIds: readonly string[]): Promise<readonly JournalEntry[]>;
  /** When the oldest entry was received, in milliseconds since 1970; null when there is none. */
  oldest(): Promise<number | null>;
  /** New entries, in batches, until the signal is aborted: an empty batch first, and all that is written after it. */
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

/** Largest recorded body of a callback that is not genuine, in bytes. Genuine ones are a tenth of it. */
const MAX_SUSPECT_BODY = 8192;

const journalEvent = ({ id, type, data }: AnyEvent): JournalEvent => {
  const fields: Readonly<Record<string, unknown>> = { ...data };
  const raw: Readonly<Record<string, unknown>> = 'raw' in data ? data.raw : {}; // the ids of what was not understood
  return {
    id,
    type,
    product: textOrNull(fields['product']),
    transactionId: textOrNull(fields['transactionId']) ?? textOrNull(raw['transactionId']),
    merchantOrderId: textOrNull(fields['merchantOrderId']) ?? textOrNull(raw['mchOrderId']),
    flags: Array.isArray(fields['flags']) ? fields['flags'] : [],
  };
};

/** A captured callback may be sent as often as somebody likes, and padded; so it is what was signed that counts. */
const genuineNote = (meta: JournalMeta, body: Uint8Array, { fields, proof }: GenuineBody): JournalNote => ({
  meta,
  body: withoutPadding(body, fields),
  identity: proof.signedText,
  members: proof.raw,
});

/** The journal entry of a request. */
export const journalNote = (record: CallbackRecord): JournalNote => {
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
  if (genuine !== null) return genuineNote(meta, body, genuine);
  return { meta, body: isCut ? body.slice(0, MAX_SUSPECT_BODY) : body };
};

/** What the journal records of an event that a reconciliation emitted: its body is the event itself. */
export const emissionNote = (event: PaymentEvent, runId: string): JournalNote => ({
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

/** The event of an {@link emissionNote}; null for a callback, and where the body cannot be decrypted. */
export const emittedEvent = ({ origin, body }: JournalEntry): PaymentEvent | null =>
  origin === 'callback' || body === null ? null : (JSON.parse(new TextDecoder().decode(body)) as PaymentEvent);
