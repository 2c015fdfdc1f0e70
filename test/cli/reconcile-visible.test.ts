import { describe, expect, it } from 'vitest';
import { readWindow } from '../../src/cli/days.ts';
import { dayOf } from '../../src/core/day.ts';
import { reconcileEnv } from '../reconcile/environment.ts';
import { payoutRow, startFake } from '../reconcile/fake-paycools.ts';
import { apiEnv } from '../sandbox/support.ts';
import { openNamespace } from '../support/namespace.ts';
import { SECRET } from '../support/service.ts';
import { paycools } from './support.ts';

const today = dayOf(Date.now(), 'Asia/Manila');

/** A PayCools with two payouts whose callbacks never arrived, and one that cannot be read. */
const start = async () => {
  const namespace = openNamespace();
  const fake = await startFake({ day: today });
  fake.statements.payout.push(payoutRow('D1'), payoutRow('D2', { amount: null }), payoutRow('D3'));
  const env = reconcileEnv(namespace, fake.url);
  const run = (words: readonly string[]) => paycools(words, { env });
  return { fake, run };
};

describe('an event that a reconciliation emitted', () => {
  it('is listed by a dry run before, and found by every id afterwards', async () => {
    const { run } = await start();
    const dry = JSON.parse((await run(['reconcile', '--from', 'today', '--json'])).out);
    expect(dry).toMatchObject({ window: { from: today, to: today }, rows: 3, emitted: 0, unreadable: 1 });
    const applied = await run(['reconcile', '--from', 'today', '--apply', '--json']);
    const report = JSON.parse(applied.out);
    expect(report.events).toEqual(dry.events);
    expect(report.events).toMatchObject([
      {
        eventId: expect.stringMatching(/^evt_/),
        type: 'com.paycools.payout.succeeded',
        product: 'payout',
        transactionId: 'D1',
        merchantOrderId: 'M-D1',
        amount: { minor: 1250, currency: 'PHP', value: '12.50' },
      },
      { transactionId: 'D3' },
    ]);
    expect(report.findings).toMatchObject([{ kind: 'unreadable', transactionId: 'D2', merchantOrderId: 'M-D2' }]);
    for (const id of ['D1', 'M-D1', report.events[0].eventId]) {
      const found = JSON.parse((await run(['events', 'list', '--id', id, '--json'])).out);
      expect(found).toMatchObject([{ transactionId: 'D1', origin: 'reconciliation', outcome: 'accepted' }]);
    }
    expect((await run(['events', 'show', 'D1'])).out).toContain(`emitted by the reconciliation ${report.id}`);
  });

  it('is shown in a table, also later by the id of its run', async () => {
    const { run } = await start();
    const { out } = await run(['reconcile', '--from', 'today', '--apply']);
    expect(out).toMatch(/emitted {2}payout +succeeded +M-D1 +D1 +PHP 12\.50/);
    expect(out).toMatch(/unreadable +payout +M-D2 +D2 /);
    const [stored] = JSON.parse((await run(['reconcile', 'list', '--json'])).out);
    expect(stored).toMatchObject({ emitted: 2, unreadable: 1, incomplete: false });
    expect((await run(['reconcile', 'list'])).out).toContain(stored.id);
    expect((await run(['reconcile', 'show', stored.id])).out).toBe(out);
    expect(await run(['reconcile', 'show', 'run_none'])).toMatchObject({ code: 1 });
  });

  it('exits with 1 and prints its report if something could not be read', async () => {
    const { fake, run } = await start();
    fake.statements.payment.push(payoutRow('C1', { paymentChannel: 'GCASH_URL' }));
    const broken = await run(['reconcile', '--from', 'today', '--json']);
    expect(broken.code).toBe(0); // the queries for its family all reply that it is unknown, which is an answer
    const { run: other } = await startBroken();
    const left = await other(['reconcile', '--from', 'today', '--json']);
    expect(left).toMatchObject({ code: 1, err: expect.stringContaining('incomplete') });
    expect(JSON.parse(left.out)).toMatchObject({ incomplete: true, leftOut: [{ what: expect.any(String) }, {}, {}] });
  });
});

/** A PayCools whose payment statements cannot be read. */
const startBroken = async () => {
  const namespace = openNamespace();
  const isPayment = (request: string): boolean => request.startsWith('payment createDate');
  const fake = await startFake({ day: today, onPage: (it) => (isPayment(it) ? { code: 1000, data: [] } : undefined) });
  const env = {
    PAYCOOLS_CALLBACK_SECRET: SECRET,
    REDIS_URL: namespace.url,
    QUEUE_PREFIX: namespace.prefix,
    ...apiEnv(fake.url),
  };
  return { run: (words: readonly string[]) => paycools(words, { env }) };
};

describe('days', () => {
  const now = Date.parse('2026-11-26T17:00:00Z'); // the 27th in Manila
  const read = (from: string, to: string) => readWindow({ from, to, now, timeZone: 'Asia/Manila', retentionDays: 30 });

  it.each([
    ['yesterday', 'today', { from: '2026-11-26', to: '2026-11-27' }],
    ['3d', '1d', { from: '2026-11-24', to: '2026-11-26' }],
    ['2026-11-20', '2026-11-21', { from: '2026-11-20', to: '2026-11-21' }],
    ['2026-11-20', '2026-12-31', { from: '2026-11-20', to: '2026-11-27' }],
  ])('can be written as %s to %s', (from, to, window) => {
    expect(read(from, to)).toEqual(window);
  });

  it.each([
    [['--from', '2026-02-30'], '2026-02-30 is not a day'],
    [['--from', 'someday'], 'someday is not a day'],
    [['--from', 'today', '--to', 'yesterday'], 'the first day is after the last'],
    [['--from', '2099-01-01', '--to', '2099-01-02'], 'is in the future'],
    [['--from', '90d'], 'the ledger covers 30 days'],
    [['--from', 'today', '--merchant', 'nope'], '--merchant nope is not configured'],
  ])('are refused before any request if they cannot be reconciled: %j', async (words, reason) => {
    const { fake, run } = await start();
    expect(await run(['reconcile', ...words])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(reason),
    });
    expect(fake.requests).toEqual([]);
  });
});
