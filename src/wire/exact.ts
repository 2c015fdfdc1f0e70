import type { JsonValue } from '../core/json.ts';
import { exactNumber, type Field } from './field.ts';
import { isBlank, isEscaped, LITERALS, MAX_VALUES } from './scan.ts';

/** Why a body could not be decoded. */
export type DecodeReason =
  | 'not-utf8'
  | 'not-json'
  | 'not-an-object'
  | 'duplicate-key'
  | 'too-deep'
  | 'too-many-values'
  | 'lone-surrogate'
  | 'forbidden-key';

/** Thrown inside the decoder only; `decode` turns it into a value. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly reason: DecodeReason;

  constructor(reason: DecodeReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Maximum nesting of objects and arrays, including the outermost. */
const MAX_DEPTH = 8;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const CONTROL = /[\u0000-\u001f]/;

/**
 * Reads a text once. It collects the source that it reads, without insignificant whitespace, because the signature
 * covers the source of nested values. Every step is linear and no regular expression recurses, so that no text is
 * expensive.
 */
class Reader {
  #position = 0;
  #valuesLeft: number;
  #source: string[] = [];
  readonly #text: string;

  constructor(text: string, maxValues: number) {
    this.#text = text;
    this.#valuesLeft = maxValues;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#text.length;
  }

  /** Counts a value against the limit: each one costs time before anything is proved. */
  countValue(): void {
    this.#valuesLeft -= 1;
    if (this.#valuesLeft < 0) throw new DecodeError('too-many-values');
  }

  /** The source that was read since the last call. */
  takeSource(): string {
    const source = this.#source.join('');
    this.#source = [];
    return source;
  }

  /** Takes a punctuation character and the whitespace around it. */
  takeMark(mark: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#position] !== mark) return false;
    this.#take(this.#position + 1);
    this.#skipBlanks();
    return true;
  }

  takeString(): string | null {
    const text = this.#text;
    const start = this.#position;
    if (text[start] !== '"') return null;
    let end = text.indexOf('"', start + 1);
    while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end === -1) throw new DecodeError('not-json');
    return readString(this.#take(end + 1));
  }

  takeNumber(): number | string | null {
    NUMBER.lastIndex = this.#position;
    const number = NUMBER.exec(this.#text)?.[0];
    return number === undefined ? null : exactNumber(this.#take(this.#position + number.length));
  }

  takeLiteral(): boolean | null | undefined {
    for (const [text, value] of LITERALS) {
      if (!this.#text.startsWith(text, this.#position)) continue;
      this.#take(this.#position + text.length);
      return value;
    }
    return undefined;
  }

  #take(end: number): string {
    const taken = this.#text.slice(this.#position, end);
    this.#position = end;
    this.#source.push(taken);
    return taken;
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#position))) this.#position += 1;
  }
}

/** The value of a JSON string, quotes included. */
const readString = (source: string): string => {
  if (CONTROL.test(source)) throw new DecodeError('not-json');
  if (!source.includes('\\')) return source.slice(1, -1);
  try {
    const value = JSON.parse(source) as string;
    if (!value.isWellFormed()) throw new DecodeError('lone-surrogate');
    return value;
  } catch (error) {
    throw error instanceof DecodeError ? error : new DecodeError('not-json');
  }
};

const readName = (reader: Reader): string => {
  const name = reader.takeString();
  if (name === null || !reader.takeMark(':')) throw new DecodeError('not-json');
  if (name === '__proto__') throw new DecodeError('forbidden-key');
  return name;
};

/** Reads the members after an opening brace, and the closing one. */
const readObject = (reader: Reader, depth: number): JsonValue => {
  if (depth > MAX_DEPTH) throw new DecodeError('too-deep');
  const record: Record<string, JsonValue> = {};
  if (reader.takeMark('}')) return record;
  do {
    const name = readName(reader);
    const value = readValue(reader, depth);
    if (Object.hasOwn(record, name)) throw new DecodeError('duplicate-key');
    record[name] = value;
  } while (reader.takeMark(','));
  if (!reader.takeMark('}')) throw new DecodeError('not-json');
  return record;
};

/** Reads the elements after an opening bracket, and the closing one. */
const readArray = (reader: Reader, depth: number): JsonValue => {
  if (depth > MAX_DEPTH) throw new DecodeError('too-deep');
  const items: JsonValue[] = [];
  if (reader.takeMark(']')) return items;
  do items.push(readValue(reader, depth));
  while (reader.takeMark(','));
  if (!reader.takeMark(']')) throw new DecodeError('not-json');
  return items;
};

const readValue = (reader: Reader, depth: number): JsonValue => {
  reader.countValue();
  if (reader.takeMark('{')) return readObject(reader, depth + 1);
  if (reader.takeMark('[')) return readArray(reader, depth + 1);
  const value = reader.takeString() ?? reader.takeNumber() ?? reader.takeLiteral();
  if (value === undefined) throw new DecodeError('not-json');
  return value;
};

/** Reads a member with the text that is signed: a string decoded, null for null, anything else as its source. */
const readField = (reader: Reader): Field => {
  const name = readName(reader);
  reader.takeSource();
  const value = readValue(reader, 1);
  const source = reader.takeSource();
  return { name, text: value === null ? null : source.startsWith('"') ? (value as string) : source, value };
};

/**
 * The exact decoder: strict JSON that returns each member with the source text that the signature covers. It exists
 * because no JSON library keeps the source of nested values.
 *
 * @throws DecodeError
 */
export const decodeExact = (text: string, maxValues: number = MAX_VALUES): Field[] => {
  const reader = new Reader(text, maxValues);
  if (!reader.takeMark('{')) {
    readValue(reader, 0); // distinguishes invalid JSON from JSON that is not an object
    throw new DecodeError(reader.isAtEnd ? 'not-an-object' : 'not-json');
  }
  const fields: Field[] = [];
  if (!reader.takeMark('}')) {
    do fields.push(readField(reader));
    while (reader.takeMark(','));
    if (!reader.takeMark('}')) throw new DecodeError('not-json');
  }
  if (!reader.isAtEnd) throw new DecodeError('not-json');
  return fields;
};
