import { ratiosOf } from './goals.ts';
import { type Results, readResults } from './results.ts';

/** A fall by more than this is not noise. */
const TOLERANCE = 0.15;

/** Whether no ratio fell against what was committed. Says which did. */
export const check = (results: Results): boolean => {
  const committed = readResults();
  if (committed.compared === undefined || committed.repeats === undefined) {
    throw new Error('there are no committed results: run `npm run bench` first');
  }
  const before = ratiosOf({ compared: committed.compared, repeats: committed.repeats });
  const now = ratiosOf(results);
  const fallen = Object.entries(before).filter(
    ([name, value]) => now[name as keyof typeof now] < value * (1 - TOLERANCE),
  );
  for (const [name, value] of fallen) {
    console.log(`${name}: ${now[name as keyof typeof now].toFixed(2)}, was ${value.toFixed(2)}`);
  }
  console.log(fallen.length === 0 ? 'No ratio fell by more than 15 %.' : 'Slower than what was committed.');
  return fallen.length === 0;
};
