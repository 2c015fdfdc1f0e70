import type { JournalEntry, JournalMeta, JournalRepeats, NewJournalEntry } from '../../receive/journal.ts';
import type { JournalCipher } from './journal-cipher.ts';

/** A part of the journal. They have caps of their own, so that forged callbacks never push out genuine ones. */
export const journalParts = ['genuine', 'suspect'] as const;
export type JournalPart = (typeof journalParts)[number];

/** The stream of a part. Both are in one slot of a cluster. */
export const journalKey = (prefix: string, part: JournalPart): string => `${prefix}:{journal}:${part}`;

/** Every key of a part: the stream, then what is needed to bound it. */
export const journalKeys = (prefix: string, part: JournalPart): readonly [string, ...string[]] => {
  const stream = journalKey(prefix, part);
  return [
    stream,
    `${stream}:digests`,
    repeatsKey(prefix, part),
    `${stream}:order`,
    `${stream}:sources`,
    `${stream}:members`,
  ];
};

/** The hash of a part that counts repeats. */
export const repeatsKey = (prefix: string, part: JournalPart): string => `${journalKey(prefix, part)}:repeats`;

/** What a stream entry holds: a JSON text, how the body is kept (plain or sealed), and the body. */
export type JournalFields = readonly [meta: string, form: 'plain' | 'sealed', body: Uint8Array];

export const encodeNote = ({ body, meta }: NewJournalEntry, cipher: JournalCipher | null): JournalFields =>
  cipher === null
    ? [JSON.stringify(meta), 'plain', body]
    : [JSON.stringify(meta), 'sealed', cipher.encrypt(body, meta.requestId)];

type Stored = {
  readonly part: JournalPart;
  readonly id: string;
  readonly fields: readonly Uint8Array[];
  readonly repeats: JournalRepeats | undefined;
};

/** Reads what {@link encodeNote} wrote: fields come as name, value, name, value, … */
export const decodeEntry = ({ part, id, fields, repeats }: Stored, cipher: JournalCipher | null): JournalEntry => {
  const [, meta = new Uint8Array(), form = new Uint8Array(), content = new Uint8Array()] = fields;
  const note = JSON.parse(Buffer.from(meta).toString()) as Omit<JournalMeta, 'origin'> &
    Partial<Pick<JournalMeta, 'origin'>>; // absent before 0.2
  const isSealed = Buffer.from(form).toString() === 'sealed';
  const body = isSealed ? (cipher?.decrypt(content, note.requestId) ?? null) : content;
  return { origin: 'callback', ...note, id: `${part}-${id}`, body, ...(repeats === undefined ? {} : { repeats }) };
};
