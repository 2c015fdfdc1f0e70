/** Control, formatting and private-use characters, unpaired surrogates, and separators of lines and paragraphs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;
const MAX_CHARACTERS = 128;

/**
 * Whether a text can be an id: 1 to 128 printable characters, not all of them blank. Blanks, `=`, `/`, `+`, `&` and
 * letters outside ASCII are allowed. The client, the receiver and reconciliation accept the same ids.
 */
export const isIdentifier = (text: string): boolean =>
  text.trim() !== '' && !UNPRINTABLE.test(text) && [...text].length <= MAX_CHARACTERS;
