import { hash } from 'node:crypto';

/** Draws a number from 0 to below 1 for a question, such as "is the callback of this order lost?". */
export type Chance = (question: string) => number;

/**
 * Chance that depends on the seed, the question and how often it was asked, not on the order of concurrent work, so that
 * a test with chaos fails the same way twice.
 */
export const seededChance = (seed: number): Chance => {
  const asked = new Map<string, number>();
  return (question) => {
    const times = (asked.get(question) ?? 0) + 1;
    asked.set(question, times);
    return hash('sha256', `${seed} ${times} ${question}`, 'buffer').readUInt32BE() / 2 ** 32;
  };
};
