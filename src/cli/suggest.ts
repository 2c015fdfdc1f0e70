/** Number of edits that turn one word into another: insertions, deletions and replacements. */
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

const MAX_WORDS = 5;

/** The known words that the given one is a prefix of, or else those that are nearest to it. */
const similar = (word: string, known: readonly string[]): readonly string[] => {
  const lower = word.toLowerCase();
  const near = known
    .map((it) => ({ it, edits: distance(lower, it.toLowerCase()) }))
    .filter(({ it, edits }) => edits <= Math.max(1, Math.floor(Math.max(it.length, lower.length) * 0.4)));
  const best = Math.min(...near.map(({ edits }) => edits));
  const nearest = near.filter(({ edits }) => edits === best).map(({ it }) => it);
  const longer = known.filter((it) => it.toLowerCase().startsWith(lower));
  return [...new Set(longer.length > 0 ? longer : nearest)].slice(0, MAX_WORDS);
};

/** ` (did you mean X?)`, or an empty text if no known word is similar. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const words = similar(word, known);
  return words.length === 0 ? '' : ` (did you mean ${words.join(', ')}?)`;
};
