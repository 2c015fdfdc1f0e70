import { describe, expect, it } from 'vitest';
import { dayOf } from '../../src/core/day.ts';
import { paycools } from '../cli/support.ts';
import { reconcileEnv } from '../reconcile/environment.ts';
import { payoutRow, startFake } from '../reconcile/fake-paycools.ts';
import { startConsole } from './support.ts';

const today = dayOf(Date.now(), 'Asia/Manila');

/** A console beside a PayCools that has one payout nobody called back, and one whose row cannot be read. */
const startWithRun = async (words: readonly string[] = ['--apply']) => {
  const { get, namespace } = await startConsole();
  const fake = await startFake({ day: today });
  fake.statements.payout.push(payoutRow('D1'), payoutRow('D2', { amount: null }));
  const env = reconcileEnv(namespace, fake.url);
  const { out } = await paycools(['reconcile', '--from', 'today', '--json', ...words], { env });
  const { id, events } = JSON.parse(out);
  return { get, path: `/console/reconciliation/${id}`, events };
};

describe('the page of a reconciliation', () => {
  it('is linked from the list, and shows what the run emitted and found', async () => {
    const { get, path } = await startWithRun();
    expect((await get('/console/reconciliation')).body).toContain(`<a href="${path}">`);
    const { status, body } = await get(path);
    expect(status).toBe(200);
    for (const text of ['applied', '<h2 id="emitted">Emitted</h2>', 'payout.succeeded', 'M-D1', 'PHP 12.50'])
      expect(body).toContain(text);
    for (const text of ['/console/payments/D1', '<span class="flag">unreadable</span>', 'M-D2'])
      expect(body).toContain(text);
  });

  it('offers the same as CSV', async () => {
    const { get, path, events } = await startWithRun();
    const { headers, body } = await get(`${path}/csv`);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = body.trimEnd().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(new RegExp(`^emitted,payout,D1,M-D1,${events[0].eventId},`));
    expect(lines[2]).toMatch(/^unreadable,payout,D2,M-D2,/);
  });

  it('lists each event once after a dry run, which changes nothing', async () => {
    const { get, path } = await startWithRun([]);
    const { body } = await get(path);
    expect(body).toContain('dry run: nothing was changed');
    expect(body).toContain('<h2 id="emitted">Would be emitted</h2>');
    expect(body.match(/data-label="Transaction"[^>]*><a[^>]*>D1</g)).toHaveLength(1);
  });

  it('is 404 for an unknown run', async () => {
    const { get } = await startConsole();
    expect((await get('/console/reconciliation/run_0')).status).toBe(404);
    expect((await get('/console/reconciliation/run_0/csv')).status).toBe(404);
  });
});
