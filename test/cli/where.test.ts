import { describe, expect, it } from 'vitest';
import { payoutFields, post, sign } from '../support/callback.ts';
import { complete, giveUp } from '../support/end-job.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { paycools } from './support.ts';

const start = async () => {
  const { publicUrl, namespace } = await startTestService();
  const env = {
    PAYCOOLS_CALLBACK_SECRET: SECRET,
    REDIS_URL: namespace.url,
    QUEUE_PREFIX: namespace.prefix,
    USER: 'ana',
  };
  const command = (...words: string[]) => paycools(words, { env });
  const tell = (product: string, fields: Record<string, unknown>) =>
    post(`${publicUrl}/callbacks/${product}`, sign(fields));
  const send = (change: Record<string, unknown>) => tell('payout', payoutFields(change));
  const forge = (change: Record<string, unknown>) =>
    post(`${publicUrl}/callbacks/payout`, JSON.stringify({ ...payoutFields(change), sign: 'a'.repeat(40) }));
  const known = (id: string) =>
    until(async () => (await command('where', id)).code === 0, { what: `${id} is known`, timeoutMs: 5000 });
  return { namespace, command, tell, send, forge, known };
};

describe('paycools where', () => {
  it('begins with the state, what it means and what to do, given the order id in any case', async () => {
    const { send, known, command, namespace } = await start();
    await send({ transactionId: 'D1', mchOrderId: 'Order-1' });
    await giveUp(namespace, '{payout}');
    await known('order-1');
    const { out } = await command('where', 'ORDER-1');
    expect(out).toMatch(/^order +Order-1\ntransaction +D1\nproduct +payout\namount +PHP 3125\.00\n/);
    expect(out).toMatch(/state +succeeded, failed\n/);
    expect(out).toContain('Your worker gave up on the event after 1 attempt: no such order.');
    expect(out).toMatch(
      /What to do: Fix the cause that the error names, then redrive it: paycools failed redrive evt_/,
    );
    expect(out).toMatch(
      /Callback received and stored.*\n.*Event put on the queue \{payout\}.*\n.*gave up after 1 attempt {2}no such order/,
    );
  });

  it('says that a payment was handled, and who replayed it', async () => {
    const { send, known, command, namespace } = await start();
    await send({ transactionId: 'D1' });
    await complete(namespace, '{payout}');
    await known('D1');
    await command('events', 'replay', 'D1', '--as', 'maria');
    const record = JSON.parse((await command('where', 'D1', '--json')).out);
    expect(record).toMatchObject({
      key: { kind: 'transaction', id: 'D1' },
      amount: { minor: 312_500, currency: 'PHP', value: '3125.00' },
      summary: { status: 'succeeded' },
    });
    expect(record.timeline).toContainEqual(expect.objectContaining({ kind: 'action', title: 'cli maria: replay' }));
  });

  it('finds forged callbacks by the ids that they claim, and marks them as unproven', async () => {
    const { forge, known, command } = await start();
    await forge({ transactionId: 'D-forged', mchOrderId: 'FORGEDORDER1' });
    await known('forgedorder1');
    const { out } = await command('where', 'FORGEDORDER1');
    expect(out).toMatch(/^order +FORGEDORDER1 \(claimed, unproven\)/);
    expect(out).toContain('Only unproven callbacks name it (1).');
    expect(out).toContain('PAYCOOLS_CALLBACK_SECRET');
    expect(out).toContain('unproven: it only claims this id');
  });

  it('lists the payments that match a prefix, and fails if none does', async () => {
    const { send, known, command } = await start();
    await send({ transactionId: 'D1', mchOrderId: 'CONF-1' });
    await send({ transactionId: 'D2', mchOrderId: 'CONF-2' });
    await known('conf-2');
    const { out } = await command('where', 'conf', '--json');
    expect(JSON.parse(out).matches).toMatchObject([{ merchantOrderId: 'CONF-2' }, { merchantOrderId: 'CONF-1' }]);
    expect((await command('where', 'conf')).out.trimEnd().split('\n')).toHaveLength(2);
    expect(await command('where', 'nothing')).toMatchObject({ code: 1, out: '' });
  });

  it('shows one refund that was first reported with the merchant’s id and later with both ids', async () => {
    const { tell, known, command } = await start();
    const refund = { mchRefundOrderId: 'RO-1', originalTransactionId: 'T1', refundAmount: 100 };
    await tell('refund', { ...refund, eventName: 'payment.refund.success', refundStatus: 'PENDING' });
    await known('RO-1');
    const both = { ...refund, refundTransactionId: 'R-1', eventName: 'payment.refund.success' };
    await tell('refund', { ...both, refundStatus: 'COMPLETE' });
    const shown = async () => JSON.parse((await command('where', 'R-1', '--json')).out || 'null');
    await until(async () => (await shown())?.key?.id === 'RO-1', { what: 'it is indexed', timeoutMs: 5000 });
    const record = await shown();
    expect(record).toMatchObject({ key: { kind: 'refund' }, merchantOrderId: 'RO-1', transactionId: 'R-1' });
    expect(record.timeline.filter(({ kind }: { kind: string }) => kind === 'callback')).toHaveLength(2);
  });

  it('asks PayCools, and says if it cannot', async () => {
    const { send, known, command } = await start();
    await send({ transactionId: 'D1' });
    await known('D1');
    expect((await command('where', 'D1', '--ask')).out).toContain('The API of this merchant is not configured');
    expect(JSON.parse((await command('where', 'D1', '--ask', '--json')).out)).toMatchObject({
      asked: { kind: 'not-configured' },
    });
  });
});

describe('paycools findings', () => {
  it('lists, shows and resolves them with a note, which empties the queue', async () => {
    const { send, command, namespace } = await start();
    await send({ transactionId: 'D1' });
    await send({ transactionId: 'D1', amount: 1 });
    const rows = JSON.parse((await command('findings', 'list', '--product', 'payout', '--json')).out);
    expect(rows).toMatchObject([{ kind: 'finding', type: 'finding.conflict', transactionId: 'D1' }]);
    const shown = JSON.parse((await command('findings', 'show', rows[0].id)).out);
    expect(shown).toMatchObject({ event: { type: 'com.paycools.finding.conflict' } });
    expect((await command('findings', 'list', '--product', 'refund')).out).toBe('');
    const resolved = await command('findings', 'resolve', rows[0].id, '--note', 'same payment', '--as', 'maria');
    expect(resolved).toMatchObject({ code: 0, out: '1 resolved, 0 failed\n' });
    expect(JSON.parse((await command('findings', 'list', '--json')).out)).toEqual([]);
    const [[, fields = []] = []] = await namespace.redis.xrevrange(`${namespace.prefix}:audit`, '+', '-', 'COUNT', 1);
    expect(JSON.parse(fields[1] ?? '')).toMatchObject({
      actor: 'cli maria',
      action: 'resolve-finding',
      note: 'same payment',
      about: 'D1',
    });
  });

  it('reports a resolved finding again when it recurs', async () => {
    const { send, command } = await start();
    const listed = async () => JSON.parse((await command('findings', 'list', '--json')).out);
    await send({ transactionId: 'D1' });
    await send({ transactionId: 'D1', amount: 1 });
    const [finding] = await listed();
    await command('findings', 'resolve', finding.id, '--note', 'they will correct it');
    expect(await listed()).toEqual([]);
    await send({ transactionId: 'D1', amount: 1 });
    expect(await listed()).toMatchObject([{ id: finding.id }]);
  });

  it('discards failed jobs by a filter', async () => {
    const { send, command, namespace } = await start();
    await send({ transactionId: 'D1', mchOrderId: 'KEEP-1' });
    await send({ transactionId: 'D2', mchOrderId: 'DROP-1' });
    for (const _ of [1, 2]) await giveUp(namespace, '{payout}');
    expect(await command('failed', 'discard', '--all', '--id', 'drop', '--note', 'test order')).toMatchObject({
      code: 0,
      out: '1 discarded, 0 failed\n',
    });
    expect(JSON.parse((await command('failed', 'list', '--json')).out)).toMatchObject([{ merchantOrderId: 'KEEP-1' }]);
  });

  it.each([
    ['failed', 'list', '--product', 'payuot'],
    ['failed', 'list', '--merchant', 'nobody'],
    ['events', 'list', '--since', 'someday'],
  ])('refuses %s %s %s %s as wrong usage', async (...words) => {
    const { command } = await start();
    expect((await command(...words)).code).toBe(2);
  });
});
