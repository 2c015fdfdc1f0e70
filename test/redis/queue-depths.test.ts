import { expect, it } from 'vitest';
import { payoutFields, post, sign } from '../support/callback.ts';
import { startTestService } from '../support/service.ts';

const start = async () => {
  const clock = { ahead: 0 };
  const service = await startTestService({ now: () => Date.now() + clock.ahead });
  const metric = async (line: string): Promise<number> => {
    const text = await (await fetch(`${service.opsUrl}/metrics`)).text();
    const found = text.split('\n').find((it) => it.startsWith(`${line} `));
    return found === undefined ? Number.NaN : Number(found.slice(line.length));
  };
  return { ...service, clock, metric };
};

it('the metrics show how many jobs are on every queue', async () => {
  const { publicUrl, metric } = await start();
  for (const transactionId of ['D1', 'D2']) {
    await post(`${publicUrl}/callbacks`, sign(payoutFields({ transactionId })));
  }
  expect(await metric('paycools_queue_jobs{queue="payout",state="waiting"}')).toBe(2);
  expect(await metric('paycools_queue_jobs{queue="payout",state="failed"}')).toBe(0);
  for (const queue of ['ekyc', 'unrecognized', 'findings', 'payment-verification', 'confirmation', 'reconciliation']) {
    expect(await metric(`paycools_queue_jobs{queue="${queue}",state="waiting"}`)).toBe(0);
  }
});

it('the metrics show how long the first job has been waiting', async () => {
  const { publicUrl, metric, clock } = await start();
  const age = () => metric('paycools_queue_oldest_waiting_seconds{queue="payout"}');
  expect(await age()).toBe(0);
  await post(`${publicUrl}/callbacks`, sign(payoutFields({ transactionId: 'D1' })));
  clock.ahead = 60_000;
  await post(`${publicUrl}/callbacks`, sign(payoutFields({ transactionId: 'D2' })));
  expect(await age()).toBeGreaterThanOrEqual(60);
  expect(await age()).toBeLessThan(70);
});
