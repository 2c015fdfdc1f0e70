import { describe, expect, it } from 'vitest';
import { drillRotation } from './drill.ts';

describe('the change of both keys in docs/upgrading.md', () => {
  it.each(['restart', 'reload'] as const)(
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
