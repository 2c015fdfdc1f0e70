/** Maximum number of values in a body, nested ones included. PayCools sends about ten. */
export const MAX_VALUES = 1000;

export const LITERALS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;

const BACKSLASH = 0x5c;

/** Whether a character code is one of JSON's four whitespace characters. */
export const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Whether the quote at this position is escaped: an odd number of backslashes precedes it. */
export const isEscaped = (text: string, quote: number): boolean => {
  let before = quote;
  while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
  return (quote - before) % 2 === 1;
};
