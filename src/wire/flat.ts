import { exactNumber, type Field } from './field.ts';
import { isBlank, isEscaped, MAX_VALUES } from './scan.ts';

/** What no ordinary body contains: control characters other than blanks. */
const UNUSUAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
const BREAKS = /[\t\n\r]/;
/** No fraction, no exponent, and no more digits than a double keeps. */
const INTEGER = /-?(?:0|[1-9]\d{0,14})(?=[ \t\n\r,}])/y;

const QUOTE = 0x22;
const LITERALS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;

/** The text of a string with escapes, such as the whole `param` of an envelope; null where it is not ordinary. */
const unescaped = (source: string): string | null => {
  try {
    const text = JSON.parse(`"${source}"`) as string;
    return text.isWellFormed() ? text : null;
  } catch {
    return null;
  }
};

/** Walks one text once. A member that is not ordinary returns null and ends the walk. */
class Walk {
  readonly #text: string;
  readonly #hasBreaks: boolean;
  readonly #hasEscapes: boolean;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#hasBreaks = BREAKS.test(text);
    this.#hasEscapes = text.includes('\\');
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** Takes one character of punctuation, and the blanks around it. */
  takeMark(mark: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    this.#skipBlanks();
    return true;
  }

  takeMember(): Field | null {
    const name = this.#takeString();
    if (name === null || name === '__proto__' || !this.takeMark(':')) return null;
    const text = this.#takeString();
    return text === null ? this.#takeBare(name) : { name, text, value: text };
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }

  #takeString(): string | null {
    if (this.#text.charCodeAt(this.#at) !== QUOTE) return null;
    let end = this.#text.indexOf('"', this.#at + 1);
    if (this.#hasEscapes) while (isEscaped(this.#text, end)) end = this.#text.indexOf('"', end + 1);
    if (end === -1) return null;
    const source = this.#text.slice(this.#at + 1, end);
    if (this.#hasBreaks && BREAKS.test(source)) return null;
    const text = this.#hasEscapes && source.includes('\\') ? unescaped(source) : source;
    if (text !== null) this.#at = end + 1;
    return text;
  }

  #takeBare(name: string): Field | null {
    INTEGER.lastIndex = this.#at;
    const number = INTEGER.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      return { name, text: number, value: exactNumber(number) };
    }
    for (const [text, value] of LITERALS) {
      if (!this.#text.startsWith(text, this.#at)) continue;
      this.#at += text.length;
      return { name, text: value === null ? null : text, value };
    }
    return null;
  }
}

/**
 * The fast path for the ordinary body, which is what PayCools sends: one flat object of strings, integers and
 * literals. For anything else it returns null, which is not a verdict: the exact decoder then decides.
 * `test/properties/decode.test.ts` proves that both agree wherever this one answers.
 */
export const decodeFlat = (text: string): Field[] | null => {
  if (UNUSUAL.test(text)) return null;
  const walk = new Walk(text);
  if (!walk.takeMark('{')) return null;
  const fields: Field[] = [];
  do {
    const field = walk.takeMember();
    if (field === null || fields.length === MAX_VALUES) return null;
    fields.push(field);
  } while (walk.takeMark(','));
  return walk.takeMark('}') && walk.isAtEnd ? fields : null;
};
