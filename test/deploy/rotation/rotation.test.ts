import { describe, expect, it } from 'vitest';
import { isLongForm } from '../../support/long-form.ts';
import { drillRotation } from './drill.ts';

// With `npm run test:slow` both ways of the page; each is also `npm run drill:rotation [-- reload]`.
const ways = isLongForm ? (['restart', 'reload'] as const) : (['reload'] as const);

describe('the change of both keys in docs/upgrading.md', () => {
  it.each(ways)(
    'loses no callback, doubles none and has each confirmed (%s)',
    async (way) => {
      const { steps, acknowledged, refusedCalls, ...counted } = await drillRotation(way);
      expect(counted).toEqual({ lost: [], handledTwice: [], unconfirmed: 0, refused: 0, missing: 0 });
      expect(steps).toHaveLength(6);
      expect(refusedCalls).toBeGreaterThan(0);
      expect(acknowledged).toBeGreaterThanOrEqual(6 * 25);
    },
    240_000,
  );
});
