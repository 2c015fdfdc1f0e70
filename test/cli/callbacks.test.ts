import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import type { PaymentEvent } from '../../src/core/event.ts';
import { products } from '../../src/products/registry.ts';
import { signEnvelope } from '../../src/verify/callback.ts';
import { sign } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { waitingEvents } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { paycools } from './support.ts';

const env = { PAYCOOLS_CALLBACK_SECRET: SECRET };

const file = (content: string): string => {
  const path = join(temporaryFolder(), 'body.json');
  writeFileSync(path, content);
  return path;
};

const verify = async (content: string, more: Record<string, string> = {}) => {
  const { code, out } = await paycools(['verify', file(content), '--json'], { env: { ...env, ...more } });
  return { code, ...(JSON.parse(out) as { likelyMistake: string | null; steps: { step: string; result: string }[] }) };
};

describe('paycools sign, paycools verify', () => {
  it('signs a body that verifies, from a file or from standard input', async () => {
    const fields = JSON.stringify({ eventName: 'x', amount: 5 });
    const fromFile = await paycools(['sign', file(fields)], { env });
    const fromInput = await paycools(['sign', '-'], { env, input: fields });
    expect(fromFile).toEqual({ code: 0, out: fromInput.out, err: '' });
    expect(await verify(fromFile.out)).toMatchObject({ code: 0, likelyMistake: null });
  });

  it('shows each step without revealing the secret', async () => {
    const { out } = await paycools(['verify', file(sign({ b: '', a: 'x', n: null }))], { env });
    expect(out).toContain('signed text       a=x&secret=[secret]');
    expect(out).toContain('fields left out   b (empty), n (null), sign (it carries the signature)');
    expect(out).toContain('verdict           genuine');
    expect(out).not.toContain(SECRET);
  });

  const tampered = sign({ amount: 100 }).replace('100', '101');
  it.each([
    ['another secret', sign({ a: 'x' }, 'another'), 'another secret'],
    ['a changed body', tampered, 'or the body was changed'],
    ['numbers written again', sign({ amount: 100 }).replace('100', '100.00'), '100.00 became 100'],
    [
      'an empty secret at the sender',
      '{"eventName":"h5.payment.success","mchOrderId":"M1","transactionId":"C1","amount":5000,"transactionStatus":"COMPLETE","sign":"589c7d253c9edc54f1a2a5b457c416029c364c40"}',
      'empty secret',
    ],
    [
      'no secret at the sender',
      '{"eventName":"h5.payment.success","mchOrderId":"M1","transactionId":"C1","amount":5000,"transactionStatus":"COMPLETE","sign":"c115b8b718cca8746da30fad785697620b732ee2"}',
      'without the secret',
    ],
    ['a line break after the secret', sign({ a: 'x' }, `${SECRET}\n`), 'line break after the secret'],
    ['a sign of another form', '{"a":1,"sign":"abc"}', '40 hex digits'],
    ['no JSON', 'a=1', 'not a well-formed JSON object'],
    [
      'an envelope without a key',
      signEnvelope({ a: 1 }, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
      'no public key',
    ],
  ])('names the likely mistake: %s', async (_name, content, mistake) => {
    const { code, likelyMistake } = await verify(content);
    expect(code).toBe(1);
    expect(likelyMistake).toContain(mistake);
  });

  it('explains envelopes', async () => {
    const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const PAYCOOLS_CALLBACK_PUBLIC_KEY = keys.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const body = signEnvelope({ eventName: 'x' }, keys.privateKey);
    expect(await verify(body, { PAYCOOLS_CALLBACK_PUBLIC_KEY })).toMatchObject({ code: 0, scheme: 'rsa-envelope' });
    const changed = await verify(body.replace('x', 'y'), { PAYCOOLS_CALLBACK_PUBLIC_KEY });
    expect(changed).toMatchObject({ code: 1, likelyMistake: expect.stringContaining('another key') });
  });
});

describe('paycools send', () => {
  const start = async () => {
    const { publicUrl, namespace } = await startTestService();
    const send = (words: readonly string[]) => paycools(['send', ...words, '--to', publicUrl], { env });
    const events = async (product: string) => (await waitingEvents(namespace, product)) as PaymentEvent[];
    return { send, events };
  };

  it.each(products)('sends a genuine callback of $product to its own address', async ({ product }) => {
    const { send, events } = await start();
    const { code, out, err } = await send([product]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^200 \{"code":1,"msg":"success","data":\{\}\} {2}\w+/);
    expect(await events(product)).toHaveLength(1);
  });

  it('prints the ids that it sent', async () => {
    const { send, events } = await start();
    const { out } = await send(['payout', '--set', 'mchOrderId=ORDER1', '--json']);
    const [event] = await events('payout');
    const { transactionId, merchantOrderId } = event?.data ?? {};
    expect(merchantOrderId).toBe('ORDER1');
    expect(JSON.parse(out)).toMatchObject({ status: 200, note: null, mchOrderId: 'ORDER1', transactionId });
  });

  it('sends the event that --event names with the fields that --set gives', async () => {
    const { send, events } = await start();
    await send(['payout', '--event', 'disbursement.failed', '--set', 'amount=100', '--set', 'remark=a b']);
    expect(await events('payout')).toMatchObject([
      { data: { status: 'failed', amount: { minor: 100 }, remark: 'a b' } },
    ]);
  });

  it('sends many callbacks with chaos that the receiver copes with', async () => {
    const { send, events } = await start();
    const chaos = ['--chaos', 'duplicate,disorder,tamper'];
    const { out, err, code } = await send(['payout', '--count', '12', '--rate', '1000', ...chaos, '--json']);
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { status: number; note: string | null });
    expect([code, err]).toEqual([0, '24 callbacks sent, 18 accepted\n']);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(18).fill(200), ...Array(6).fill(401)]);
    expect(await events('payout')).toHaveLength(12);
  });

  it('shows its progress on a terminal only', async () => {
    const { publicUrl } = await startTestService();
    const words = ['send', 'payout', '--to', publicUrl, '--count', '3', '--rate', '1000'];
    const onTerminal = await paycools(words, { env, isTerminal: true });
    expect(onTerminal.err).toContain('2 of 3 sent, 2 accepted');
    expect(onTerminal.err.endsWith('\r\u001B[K3 callbacks sent, 3 accepted\n')).toBe(true);
    expect((await paycools(words, { env })).err).toBe('3 callbacks sent, 3 accepted\n');
  });

  it('exits with 1 when a genuine callback is not accepted', async () => {
    const { publicUrl } = await startTestService();
    const words = ['send', 'payout', '--to', publicUrl];
    const { code, out, err } = await paycools(words, { env: { PAYCOOLS_CALLBACK_SECRET: 'another' } });
    expect([code, err]).toEqual([1, `1 genuine callback not accepted by ${publicUrl}/callbacks/payout\n`]);
    expect(out).toMatch(/^401 /);
  });

  it('uses an address with a path unchanged', async () => {
    const { publicUrl } = await startTestService();
    const { out } = await paycools(['send', 'ekyc', '--to', `${publicUrl}/callbacks/nothing`], { env });
    expect(out).toMatch(/^404 /);
  });

  it.each([
    [['payouts'], 'payouts is not a product (did you mean payout?)'],
    [['payout', '--event', 'disbursement.succes'], 'did you mean disbursement.success?'],
    [['payout', '--set', 'amount'], 'is not field=value'],
    [['payout', '--chaos', 'fire'], '--chaos must be any of'],
    [['payout', '--count', '0'], '--count must be a positive number'],
    [['payout', '--to', 'localhost:8080'], '--to localhost:8080 is not a URL'],
  ])('refuses %j', async (words, sentence) => {
    const { code, err } = await paycools(['send', ...words], { env });
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });

  it('says which address refuses the connection, and asks whether npm run dev is running', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, err } = await paycools(['send', 'payout', '--to', url], { env });
    expect([code, err]).toEqual([1, `${url} refuses the connection: is \`npm run dev\` running?\n`]);
  });
});
