import { hash } from 'node:crypto';

/** Draws a number from 0 (inclusive) to 1 (exclusive) for a question, such as "is the callback of this order lost?". */
export type Chance = (question: string) => number;

/**
 * Random numbers that depend on the seed, the question and how often it was asked, not on the order of concurrent work,
 * so that a test with chaos is repeatable.
 */
export const seededChance = (seed: number): Chance => {
  const counts = new Map<string, number>();
  return (question) => {
    const count = (counts.get(question) ?? 0) + 1;
    counts.set(question, count);
    return hash('sha256', `${seed} ${count} ${question}`, 'buffer').readUInt32BE() / 2 ** 32;
  };
};
