import { expect, it } from 'vitest';
import { clientOf } from '../sandbox/support.ts';
import { isLongForm } from '../support/long-form.ts';
import { payoutRow } from './fake-paycools.ts';
import { startFakeStage } from './fake-stage.ts';

// `npm run test:slow` runs the long form: a day of 10,000 rows from a PayCools that takes two seconds to reply.
const [rate, latencyMs, pageSize, rows] = isLongForm ? [5, 2000, 50, 10_000] : [40, 250, 2, 50]; // each reply takes ten times the request interval

const TITLE = 'a run reaches its request rate although replies take ten times the request interval';

it(TITLE, { timeout: isLongForm ? 30 * 60_000 : 20_000 }, async () => {
  const { fake, run } = await startFakeStage({ pageSize, latencyMs });
  for (let row = 0; row < rows; row += 1) fake.statements.payout.push(payoutRow(`D${row}`));
  const started = performance.now();
  const client = clientOf(fake.url, { timeoutMs: 30_000 }); // the default
  expect(await run({ client, requestsPerSecond: rate })).toMatchObject({ rows, emitted: rows });
  const seconds = (performance.now() - started) / 1000;
  const oneAfterAnother = (fake.requests.length * latencyMs) / 1000;
  const byRate = fake.requests.length / rate;
  const measured = [
    `${fake.requests.length} requests in ${seconds.toFixed(1)} s`,
    `${byRate.toFixed(1)} s by the rate`,
  ];
  process.stdout.write(`${measured.join(', ')}, ${oneAfterAnother.toFixed(1)} s one after another\n`);
  expect(seconds).toBeGreaterThan(byRate * 0.8);
  expect(seconds).toBeLessThan(oneAfterAnother / 2);
});
