/** Control, formatting and private characters, half surrogate pairs, and the separators of lines and paragraphs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;
const MAX_CHARACTERS = 128;

/**
 * Whether a text can be an id: 1 to 128 printable characters, not all of them blanks. Blanks inside, `=`, `/`, `+`, `&` and
 * letters outside ASCII are fine. The client sends, the receiver delivers and reconciliation emits the same ids.
 */
export const isIdentifier = (text: string): boolean =>
  text.trim() !== '' && !UNPRINTABLE.test(text) && [...text].length <= MAX_CHARACTERS;
