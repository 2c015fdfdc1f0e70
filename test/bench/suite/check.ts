import { ratiosOf } from './goals.ts';
import { type Results, readResults } from './results.ts';

/** The share of a ratio that may be noise. */
const TOLERANCE = 0.15;

/** Compares ratios with the committed ones, prints those that are worse, and returns whether there are none. */
export const check = (results: Results): boolean => {
  const committed = readResults();
  if (committed.compared === undefined || committed.repeats === undefined) {
    throw new Error('there are no committed results: run `npm run bench` first');
  }
  const before = ratiosOf({ compared: committed.compared, repeats: committed.repeats });
  const now = ratiosOf(results);
  const worse = Object.entries(before).filter(
    ([name, value]) => now[name as keyof typeof now] < value * (1 - TOLERANCE),
  );
  for (const [name, value] of worse) {
    console.log(`${name}: ${now[name as keyof typeof now].toFixed(2)}, was ${value.toFixed(2)}`);
  }
  console.log(worse.length === 0 ? 'No ratio is more than 15 % worse.' : 'Slower than the committed results.');
  return worse.length === 0;
};
