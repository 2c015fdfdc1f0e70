import { hash } from 'node:crypto';

/** A number from 0 to below 1 for a question, such as "is the callback of this order lost?". */
export type Chance = (question: string) => number;

/**
 * Chance that depends on the seed, on the question, and on how often it was asked: not on the order of things that go
 * on side by side, so that a test with chaos fails the same way twice.
 */
export const seededChance = (seed: number): Chance => {
  const asked = new Map<string, number>();
  return (question) => {
    const times = (asked.get(question) ?? 0) + 1;
    asked.set(question, times);
    return hash('sha256', `${seed} ${times} ${question}`, 'buffer').readUInt32BE() / 2 ** 32;
  };
};
