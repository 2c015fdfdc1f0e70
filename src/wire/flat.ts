import { exactNumber, type Field } from './field.ts';
import { isBlank, isEscaped, LITERALS, MAX_VALUES } from './scan.ts';

/** Control characters other than whitespace, which no ordinary body contains. */
const UNUSUAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
const BREAKS = /[\t\n\r]/;
/** An integer with no more digits than a double keeps. */
const INTEGER = /-?(?:0|[1-9]\d{0,14})(?=[ \t\n\r,}])/y;

const QUOTE = 0x22;

/** Decodes a string with escapes, such as the `param` of an envelope; null if it is not ordinary. */
const unescapeString = (source: string): string | null => {
  try {
    const text = JSON.parse(`"${source}"`) as string;
    return text.isWellFormed() ? text : null;
  } catch {
    return null;
  }
};

/** Reads a text once. Its methods return null for anything that is not ordinary. */
class FlatReader {
  readonly #text: string;
  readonly #hasBreaks: boolean;
  readonly #hasEscapes: boolean;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#hasBreaks = BREAKS.test(text);
    this.#hasEscapes = text.includes('\\');
  }

  get isAtEnd(): boolean {
    return this.#position === this.#text.length;
  }

  /** Takes a punctuation character and the whitespace around it. */
  takeMark(mark: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#position] !== mark) return false;
    this.#position += 1;
    this.#skipBlanks();
    return true;
  }

  takeMember(): Field | null {
    const name = this.#takeString();
    if (name === null || name === '__proto__' || !this.takeMark(':')) return null;
    const text = this.#takeString();
    return text === null ? this.#takeUnquoted(name) : { name, text, value: text };
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#position))) this.#position += 1;
  }

  #takeString(): string | null {
    if (this.#text.charCodeAt(this.#position) !== QUOTE) return null;
    let end = this.#text.indexOf('"', this.#position + 1);
    if (this.#hasEscapes) while (isEscaped(this.#text, end)) end = this.#text.indexOf('"', end + 1);
    if (end === -1) return null;
    const source = this.#text.slice(this.#position + 1, end);
    if (this.#hasBreaks && BREAKS.test(source)) return null;
    const text = this.#hasEscapes && source.includes('\\') ? unescapeString(source) : source;
    if (text !== null) this.#position = end + 1;
    return text;
  }

  #takeUnquoted(name: string): Field | null {
    INTEGER.lastIndex = this.#position;
    const number = INTEGER.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#position += number.length;
      return { name, text: number, value: exactNumber(number) };
    }
    for (const [text, value] of LITERALS) {
      if (!this.#text.startsWith(text, this.#position)) continue;
      this.#position += text.length;
      return { name, text: value === null ? null : text, value };
    }
    return null;
  }
}

/**
 * The fast path for ordinary bodies, which is what PayCools sends: one flat object of strings, integers and literals.
 * Returns null for anything else, which is not a verdict: the exact decoder then decides. A property test
 * (test/properties/decode.test.ts) proves that both agree whenever this one returns fields.
 */
export const decodeFlat = (text: string): Field[] | null => {
  if (UNUSUAL.test(text)) return null;
  const reader = new FlatReader(text);
  if (!reader.takeMark('{')) return null;
  const fields: Field[] = [];
  do {
    const field = reader.takeMember();
    if (field === null || fields.length === MAX_VALUES) return null;
    fields.push(field);
  } while (reader.takeMark(','));
  return reader.takeMark('}') && reader.isAtEnd ? fields : null;
};
