import type { JournalEntry, JournalMeta, JournalRepeats, NewJournalEntry } from '../../receive/journal.ts';
import type { JournalCipher } from './journal-cipher.ts';

/** The parts of the journal. Each has its own limits, so that forged callbacks never displace genuine ones. */
export const journalParts = ['genuine', 'suspect'] as const;
export type JournalPart = (typeof journalParts)[number];

/** The stream of a part. All keys of the journal share a slot of a cluster. */
export const journalKey = (prefix: string, part: JournalPart): string => `${prefix}:{journal}:${part}`;

/** All keys of a part, in the order of scripts/append-journal.lua. */
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

/** The values of a stream entry: metadata as JSON, the form of the body, and the body. */
export type JournalFields = readonly [meta: string, form: 'plain' | 'sealed', body: Uint8Array];

export const encodeEntry = ({ body, meta }: NewJournalEntry, cipher: JournalCipher | null): JournalFields =>
  cipher === null
    ? [JSON.stringify(meta), 'plain', body]
    : [JSON.stringify(meta), 'sealed', cipher.encrypt(body, meta.requestId)];

type Stored = {
  readonly part: JournalPart;
  readonly id: string;
  readonly fields: readonly Uint8Array[];
  readonly repeats: JournalRepeats | undefined;
};

/** Reads what {@link encodeEntry} wrote; `fields` alternates between names and values. */
export const decodeEntry = ({ part, id, fields, repeats }: Stored, cipher: JournalCipher | null): JournalEntry => {
  const [, meta = new Uint8Array(), form = new Uint8Array(), content = new Uint8Array()] = fields;
  const stored = JSON.parse(Buffer.from(meta).toString()) as Omit<JournalMeta, 'origin'> &
    Partial<Pick<JournalMeta, 'origin'>>; // absent before 0.2
  const isSealed = Buffer.from(form).toString() === 'sealed';
  const body = isSealed ? (cipher?.decrypt(content, stored.requestId) ?? null) : content;
  return { origin: 'callback', ...stored, id: `${part}-${id}`, body, ...(repeats === undefined ? {} : { repeats }) };
};
