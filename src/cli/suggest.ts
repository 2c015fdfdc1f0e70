import { UsageError } from './io.ts';

/** Edits that turn one word into another: insertions, deletions and replacements. */
const distance = (from: string, to: string): number => {
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min((above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1, replaced));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
};

const MOST_WORDS = 5;

/** Words that are almost the given one, or that it is the beginning of; the nearest first. */
const similar = (word: string, known: readonly string[]): readonly string[] => {
  const lower = word.toLowerCase();
  const near = known
    .map((it) => ({ it, edits: distance(lower, it.toLowerCase()) }))
    .filter(({ it, edits }) => edits <= Math.max(1, Math.floor(Math.max(it.length, lower.length) * 0.4)));
  const best = Math.min(...near.map(({ edits }) => edits));
  const nearest = near.filter(({ edits }) => edits === best).map(({ it }) => it);
  const longer = known.filter((it) => it.toLowerCase().startsWith(lower));
  return [...new Set(longer.length > 0 ? longer : nearest)].slice(0, MOST_WORDS);
};

/** ` (did you mean X?)` where there is something that was probably meant, otherwise nothing. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const words = similar(word, known);
  return words.length === 0 ? '' : ` (did you mean ${words.join(', ')}?)`;
};

/**
 * The word that an option was given, which must be one of these.
 *
 * @throws UsageError
 */
export const oneOf = <Word extends string>(option: string, word: string, known: readonly Word[]): Word => {
  const found = known.find((it) => it === word);
  if (found !== undefined) return found;
  throw new UsageError(`--${option} must be one of ${known.join(', ')}${didYouMean(word, known)}`);
};
