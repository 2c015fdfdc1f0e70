import { describe, expect, it } from 'vitest';
import { isLongForm } from '../../support/long-form.ts';
import { drillRotation } from './drill.ts';

// `npm run test:slow` tries both methods of the page; `npm run drill:rotation [-- reload]` tries one.
const methods = isLongForm ? (['restart', 'reload'] as const) : (['reload'] as const);

describe('the change of both keys in docs/upgrading.md', () => {
  it.each(methods)(
    'loses no callback, duplicates none and has each confirmed (%s)',
    async (method) => {
      const { steps, acknowledged, refusedCalls, ...counted } = await drillRotation(method);
      expect(counted).toEqual({ lost: [], handledTwice: [], unconfirmed: 0, refused: 0, missing: 0 });
      expect(steps).toHaveLength(6);
      expect(refusedCalls).toBeGreaterThan(0);
      expect(acknowledged).toBeGreaterThanOrEqual(6 * 25);
    },
    240_000,
  );
});
