import { expect, it } from 'vitest';
import { payoutRow } from './fake-paycools.ts';
import { startFakeStage } from './fake-stage.ts';

const RATE = 40;
const LATENCY_MS = 250; // ten turns
const PAGES = 25;

it('a PayCools that takes ten turns to reply does not make a run take longer than the rate allows', async () => {
  const { fake, run } = await startFakeStage({ pageSize: 2, latencyMs: LATENCY_MS });
  for (let row = 0; row < PAGES * 2; row += 1) fake.statements.payout.push(payoutRow(`D${row}`));
  const started = performance.now();
  expect(await run({ requestsPerSecond: RATE })).toMatchObject({ rows: PAGES * 2, emitted: PAGES * 2 });
  const seconds = (performance.now() - started) / 1000;
  const oneAfterAnother = (fake.requests.length * LATENCY_MS) / 1000;
  const byRate = fake.requests.length / RATE;
  expect(seconds).toBeGreaterThan(byRate * 0.8); // it obeys the rate
  expect(seconds).toBeLessThan(oneAfterAnother / 2);
});
