import { describe, expect, it } from 'vitest';
import { isLongForm } from '../../support/long-form.ts';
import { openCluster } from '../../support/topologies/open-cluster.ts';
import { openSingle } from '../../support/topologies/open-single.ts';
import { drillUpgrade } from './drill.ts';
import { hasCommit, OLD_RELEASE } from './releases.ts';

// A cluster only with `npm run test:slow`; test/redis/cluster.test.ts covers its rules.
const topologies = [['one Redis', openSingle] as const, ...(isLongForm ? [['a cluster', openCluster] as const] : [])];

describe.runIf(hasCommit(OLD_RELEASE))(
  'a rolling upgrade from 0.1 and back (runs in a complete clone)',
  { timeout: 180_000 },
  () => {
    it.each(topologies)(
      'loses and duplicates no callback on %s, with old and new receivers, workers and spools side by side',
      async (_name, open) => {
        const { steps, acknowledged, lost, handledTwice, handledBy } = await drillUpgrade(OLD_RELEASE, open);
        expect([lost, handledTwice]).toEqual([[], []]);
        expect(acknowledged).toBeGreaterThan(300);
        expect(steps.find(({ step }) => step === 'new and old, Redis is down')?.spooled).toBeGreaterThan(0);
        expect(Math.min(...Object.values(handledBy))).toBeGreaterThan(0);
      },
    );
  },
);
