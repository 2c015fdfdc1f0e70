import type { JsonValue } from '../core/json.ts';
import { exactNumber, type Field } from './field.ts';

/** Why a body could not be decoded. */
export type DecodeReason =
  | 'not-utf8'
  | 'not-json'
  | 'not-an-object'
  | 'duplicate-key'
  | 'too-deep'
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

/** Objects and arrays inside one another, the outermost counted. */
const MAX_DEPTH = 8;
const BLANK = /[ \t\n\r]*/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

/** A decoded value beside its source without insignificant whitespace. */
type Parsed = { readonly source: string; readonly value: JsonValue };
type Member = Parsed & { readonly name: string; readonly nameSource: string };

/** Walks one text once, keeping the source of everything that it reads. */
class Reader {
  #position = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return null;
    this.#position += found.length;
    return found;
  }

  /** Takes one character of punctuation and the whitespace around it. */
  takeMark(mark: string): boolean {
    this.take(BLANK);
    if (this.#text[this.#position] !== mark) return false;
    this.#position += 1;
    this.take(BLANK);
    return true;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#text.length;
  }
}

const readString = (reader: Reader): Parsed | null => {
  const source = reader.take(STRING);
  if (source === null) return null;
  const value = JSON.parse(source) as string;
  if (!value.isWellFormed()) throw new DecodeError('lone-surrogate');
  return { source, value };
};

const readMember = (reader: Reader, depth: number): Member => {
  const name = readString(reader);
  if (name === null || !reader.takeMark(':')) throw new DecodeError('not-json');
  if (name.value === '__proto__') throw new DecodeError('forbidden-key');
  return { ...readValue(reader, depth), name: name.value as string, nameSource: name.source };
};

/** The members after an opening brace, up to and with the closing one. */
const readMembers = (reader: Reader, depth: number): Member[] => {
  if (depth > MAX_DEPTH) throw new DecodeError('too-deep');
  if (reader.takeMark('}')) return [];
  const members = [readMember(reader, depth)];
  while (reader.takeMark(',')) members.push(readMember(reader, depth));
  if (!reader.takeMark('}')) throw new DecodeError('not-json');
  if (new Set(members.map(({ name }) => name)).size < members.length) throw new DecodeError('duplicate-key');
  return members;
};

const readObject = (reader: Reader, depth: number): Parsed => {
  const members = readMembers(reader, depth);
  return {
    source: `{${members.map(({ nameSource, source }) => `${nameSource}:${source}`).join(',')}}`,
    value: Object.fromEntries(members.map(({ name, value }) => [name, value])),
  };
};

/** The elements after an opening bracket, up to and with the closing one. */
const readArray = (reader: Reader, depth: number): Parsed => {
  if (depth > MAX_DEPTH) throw new DecodeError('too-deep');
  if (reader.takeMark(']')) return { source: '[]', value: [] };
  const items = [readValue(reader, depth)];
  while (reader.takeMark(',')) items.push(readValue(reader, depth));
  if (!reader.takeMark(']')) throw new DecodeError('not-json');
  return { source: `[${items.map(({ source }) => source).join(',')}]`, value: items.map(({ value }) => value) };
};

const readValue = (reader: Reader, depth: number): Parsed => {
  if (reader.takeMark('{')) return readObject(reader, depth + 1);
  if (reader.takeMark('[')) return readArray(reader, depth + 1);
  const string = readString(reader);
  if (string !== null) return string;
  const number = reader.take(NUMBER);
  if (number !== null) return { source: number, value: exactNumber(number) };
  const literal = reader.take(LITERAL);
  if (literal === null) throw new DecodeError('not-json');
  return { source: literal, value: JSON.parse(literal) as boolean | null };
};

/** A member's text as it is signed: strings decoded, null nothing, everything else its source. */
const toField = ({ name, source, value }: Member): Field => {
  const text = value === null ? null : source.startsWith('"') ? (value as string) : source;
  return { name, text, value };
};

/**
 * The exact decoder: strict JSON, and beside each value the source text that the signature is made of. It exists
 * because no JSON library keeps the source of nested values, which this signature covers.
 *
 * @throws DecodeError
 */
export const decodeExact = (text: string): Field[] => {
  const reader = new Reader(text);
  if (!reader.takeMark('{')) {
    readValue(reader, 0); // distinguishes invalid JSON from JSON that is not an object
    if (!reader.isAtEnd) throw new DecodeError('not-json');
    throw new DecodeError('not-an-object');
  }
  const members = readMembers(reader, 1);
  if (!reader.isAtEnd) throw new DecodeError('not-json');
  return members.map(toField);
};
