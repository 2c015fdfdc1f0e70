import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startFakeStage } from './fake-stage.ts';
import {
  type Expected,
  expectedOf,
  idOf,
  listedOf,
  type Payout,
  paycoolsStates,
  queryReply,
  receive,
  receivedStates,
} from './model.ts';

const payouts = fc.array(
  fc.record<Payout>({
    paycools: fc.constantFrom(...paycoolsStates),
    received: fc.constantFrom(...receivedStates),
  }),
  { minLength: 1, maxLength: 14 },
);

const countsOf = (all: readonly Expected[]): Record<string, number> =>
  Object.fromEntries(Object.entries(Object.groupBy(all, (it) => it)).map(([kind, some]) => [kind, some?.length ?? 0]));

it('a run treats every payout as the model of both sides expects', async () => {
  await fc.assert(
    fc.asyncProperty(payouts, fc.integer({ min: 1, max: 5 }), async (world, pageSize) => {
      const stage = await startFakeStage({
        pageSize,
        onQuery: (path, query) =>
          path === '/api/v1/payout/check' ? queryReply(world, query.get('mchOrderId')) : undefined,
      });
      for (const [index, payout] of world.entries()) await receive(stage.ports, payout, index);
      stage.fake.statements.payout.push(...world.map(listedOf));
      const report = await stage.run();
      const { emitted = 0, matched = 0, ...findings } = countsOf(world.map(expectedOf));
      expect(report).toMatchObject({ rows: world.length, emitted, matched });
      expect(report.counts).toEqual(findings);
      const ids = world.map((_, index) => idOf(index)).filter((_, at) => expectedOf(world[at] as Payout) === 'emitted');
      expect(report.events.map(({ transactionId }) => transactionId).sort()).toEqual(ids);
      expect(await stage.run()).toMatchObject({ emitted: 0, matched: matched + emitted, counts: findings });
    }),
    { numRuns: 12 },
  );
}, 60_000);
