import { describe, expect, it } from 'vitest';
import { clientOf, payoutOf, sandboxWith, startAll } from './support.ts';

describe('chaos', () => {
  const payOut = async (
    all: Awaited<ReturnType<typeof startAll>>,
    amounts: readonly number[],
  ): Promise<readonly unknown[]> => {
    for (const amount of amounts)
      await all.client.payout.create({ ...payoutOf(amount), mchOrderId: `CHAOS-${amount}` });
    await all.sandbox.settled();
    return all.receiver.arrived.map(({ fields }) => fields['amount']);
  };

  it('loses callbacks', async () => {
    await using all = await startAll({ chaos: { lost: 1 } });
    expect(await payOut(all, [100])).toEqual([]);
    expect(all.sandbox.callbacks).toMatchObject([{ eventName: 'disbursement.success', fate: 'lost' }]);
  });

  it('sends callbacks twice', async () => {
    await using all = await startAll({ chaos: { duplicate: 1 } });
    expect(await payOut(all, [100])).toEqual([100, 100]);
  });

  it('signs callbacks wrongly', async () => {
    await using all = await startAll({ chaos: { wrongSign: 1 } });
    await payOut(all, [100]);
    expect(all.receiver.arrived).toMatchObject([{ isGenuine: false }]);
  });

  it('holds callbacks back until others are sent, and loses none', async () => {
    await using all = await startAll({ chaos: { disorder: 0.5 }, seed: 12 }); // it holds the first one back
    const arrived = await payOut(all, [110, 210, 310, 410, 510, 610]);
    expect(arrived[0]).not.toBe(110);
    expect([...arrived].sort()).toEqual([110, 210, 310, 410, 510, 610]);
  });

  it('refuses requests, which the client survives', async () => {
    await using all = await startAll(
      { chaos: { error: 0.5 }, seed: 7 },
      { retry: { attempts: 20, baseMs: 1, maxMs: 1 } },
    );
    const balances = await Promise.all(Array.from({ length: 10 }, () => all.client.account.balance()));
    expect(balances).toHaveLength(10);
  });

  it('is the same with the same seed', async () => {
    const fates = async (seed: number): Promise<readonly string[]> => {
      await using all = await startAll({ chaos: { lost: 0.5 }, seed });
      await payOut(all, [100, 110, 120, 130, 140, 150, 160, 170]);
      return all.sandbox.callbacks.map(({ fate, body }) => `${fate} ${JSON.parse(body).amount}`).sort();
    };
    expect(await fates(1)).toEqual(await fates(1));
    expect(await fates(1)).not.toEqual(await fates(2));
  });
});

it('reports a callback whose receiver is unreachable', async () => {
  await using sandbox = await sandboxWith({ callbackUrl: 'http://127.0.0.1:9/' });
  await clientOf(sandbox.url).payout.create(payoutOf(100));
  await sandbox.settled();
  expect(sandbox.callbacks).toMatchObject([{ fate: 'unreachable', httpStatus: null }]);
});

it('stops while callbacks are pending', async () => {
  const all = await startAll({ delayMs: 60_000 });
  await all.client.payout.create(payoutOf(100));
  await all[Symbol.asyncDispose]();
  expect(all.receiver.arrived).toEqual([]);
});
