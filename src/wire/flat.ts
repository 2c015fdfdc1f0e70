import { exactNumber, type Field } from './field.ts';

/** One member of an ordinary body: no escapes, no nesting, and an integer that a double keeps. */
const MEMBER =
  /[ \t\n\r]*"([^"\\\u0000-\u001f]*)"[ \t\n\r]*:[ \t\n\r]*(?:"([^"\\\u0000-\u001f]*)"|(-?(?:0|[1-9]\d{0,14}))(?![\d.eE])|(true|false|null))[ \t\n\r]*([,}])/y;
const OPEN = /[ \t\n\r]*\{/y;
const END = /[ \t\n\r]*$/y;

const literalOf = (text: string): boolean | null => (text === 'null' ? null : text === 'true');

const fieldOf = ([, name = '', string, number, literal = 'null']: RegExpExecArray): Field => {
  if (string !== undefined) return { name, text: string, value: string };
  if (number !== undefined) return { name, text: number, value: exactNumber(number) };
  return { name, text: literal === 'null' ? null : literal, value: literalOf(literal) };
};

/**
 * The fast path for the ordinary body, which is what PayCools sends: one flat object of plain strings, integers and
 * literals. Anything else gives null, which is no verdict: the exact decoder then decides.
 * `test/properties/decode.test.ts` proves that both agree wherever this one answers.
 */
export const decodeFlat = (text: string): Field[] | null => {
  OPEN.lastIndex = 0;
  if (!OPEN.test(text)) return null;
  MEMBER.lastIndex = OPEN.lastIndex;
  const fields: Field[] = [];
  for (let separator: string | undefined = ','; separator === ','; ) {
    const match = MEMBER.exec(text);
    if (match === null || match[1] === '__proto__') return null;
    fields.push(fieldOf(match));
    separator = match[5];
  }
  END.lastIndex = MEMBER.lastIndex;
  return END.test(text) ? fields : null;
};
