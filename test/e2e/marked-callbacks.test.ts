import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Answerer, createConsumer } from '../../src/consumer/index.ts';
import { virtualAccount } from '../../src/products/families/virtual-account.ts';
import { products } from '../../src/products/registry.ts';
import { signEnvelope } from '../../src/verify/callback.ts';
import { payoutFields } from '../support/callback.ts';
import { leaksIn, outcomesIn, PERSONAL, personal, refusalsIn, signMarked, startMarked } from '../support/marked.ts';
import { paycoolsKeys, paycoolsPublicKey, samples } from '../support/samples.ts';

const flat = samples.filter(({ content }) => content['param'] === undefined);
const payout = payoutFields();
const question = { ...virtualAccount.paymentVerifications[0]?.example };

const answerBy = async (
  namespace: { url: string; prefix: string },
  verification: Answerer,
  use: () => Promise<unknown>,
) => {
  await using consumer = createConsumer({
    redis: namespace.url,
    prefix: namespace.prefix,
    handlers: { 'direct-debit': () => undefined },
    verification,
  });
  await consumer.ready();
  await use();
};

describe('secrets and personal data', () => {
  it('of callbacks that are stored are written nowhere', async () => {
    const { send, written } = await startMarked({ env: { PAYCOOLS_CALLBACK_PUBLIC_KEY: paycoolsPublicKey } });
    for (const { product, content } of flat) await send(`/callbacks/${product ?? 'payout'}`, signMarked(content));
    for (const { product, content } of flat)
      await send(
        '/callbacks',
        signEnvelope(personal({ ...content, transactionId: `E-${product}` }), paycoolsKeys.privateKey),
      );
    const changes = [
      {}, // the same again
      { amount: 1 }, // another amount
      { transactionStatus: 'PENDING' }, // stale
      { transactionStatus: 'FAILED', eventName: 'disbursement.failed' }, // a reversal
      { eventName: PERSONAL.text },
      { transactionStatus: PERSONAL.text },
      { amount: PERSONAL.text, transactionId: 'D2' },
      { transactionId: [PERSONAL.text] },
      { createTime: PERSONAL.text, transactionId: 'D3' },
      { [PERSONAL.text]: PERSONAL.text, transactionId: 'D4' },
      { nested: { [PERSONAL.text]: [PERSONAL.name] }, transactionId: 'D5' },
    ];
    for (const change of changes)
      expect(await send('/callbacks/payout', signMarked({ ...payout, ...change }))).toBe(200);
    for (const { product } of products)
      await send(`/callbacks/${product}`, signMarked({ ...payout, transactionId: 'D6' }));
    const all = await written();
    expect(leaksIn(all)).toEqual([]);
    expect(outcomesIn(all).toSorted()).toEqual([
      'accepted',
      'conflicting',
      'duplicate',
      'unavailable', // questions among the samples, which no worker answers
      'unrecognized',
    ]);
  });

  it('of callbacks that are refused are written nowhere', async () => {
    const { send, written, publicUrl } = await startMarked({ env: { BODY_LIMIT: '4096' } });
    const genuine = signMarked(payout);
    const refused: [path: string, body: string, headers?: Record<string, string>][] = [
      ['/callbacks/payout', genuine.replace('312500', '312501')],
      ['/callbacks/payout', JSON.stringify({ ...personal(payout), sign: PERSONAL.text })],
      ['/callbacks/payout', JSON.stringify(personal(payout))],
      ['/callbacks/payout', JSON.stringify({ param: JSON.stringify(personal(payout)), sign: PERSONAL.text })],
      [`/merchants/${PERSONAL.text}/callbacks/payout`, genuine],
      [`/callbacks/${PERSONAL.text}`, genuine],
      [`/callbacks/payout?token=${PERSONAL.text}`, '{}'],
      [`/${PERSONAL.text}`, genuine],
      ['/callbacks/payout', genuine.slice(1)],
      ['/callbacks/payout', `{"a":"${PERSONAL.text}","a":1}`],
      ['/callbacks/payout', `"${PERSONAL.text}"`],
      ['/callbacks/payout', `{"${PERSONAL.text}":${'['.repeat(20)}${']'.repeat(20)}}`],
      ['/callbacks/payout', JSON.stringify({ x: PERSONAL.text.repeat(1000) })],
      ['/callbacks/payout', genuine, { 'content-type': `text/${PERSONAL.text}` }],
      ['/callbacks/payout', genuine, { 'x-long': PERSONAL.text.repeat(5000) }],
    ];
    const statuses = [];
    for (const [path, body, headers] of refused) statuses.push(await send(path, body, headers));
    expect([...new Set(statuses)].toSorted()).toEqual([400, 401, 404, 413, 415, 431]);
    const forged = JSON.stringify({ ...personal(payout), sign: PERSONAL.text });
    const guesses = await Promise.all(Array.from({ length: 600 }, () => send('/callbacks/payout', forged)));
    expect(guesses).toContain(429);
    const socket = connect(Number(new URL(publicUrl).port), '127.0.0.1');
    socket.end(`POST /callbacks ${PERSONAL.text}\r\n\r\n`);
    const [broken] = (await once(socket, 'data')) as [Buffer];
    const all = `${await written()}${broken}`;
    expect(leaksIn(all)).toEqual([]);
    expect(outcomesIn(all).toSorted()).toEqual(['forged', 'malformed']);
    expect(refusalsIn(all)).toEqual(['headers', 'path', 'size', 'syntax', 'type']);
  });

  it('of callbacks from addresses that may not send are written nowhere', async () => {
    const { send, written } = await startMarked({ env: { ALLOWED_IPS: '10.0.0.1' } });
    expect(await send('/callbacks/payout', signMarked(payout))).toBe(403);
    const all = await written();
    expect([leaksIn(all), outcomesIn(all), refusalsIn(all)]).toEqual([[], [], ['source']]);
  });

  it('of payment verifications are written nowhere but to PayCools', async () => {
    const { send, written, namespace, publicUrl } = await startMarked({ env: { VERIFICATION_TIMEOUT_MS: '300' } });
    expect(await send('/callbacks', signMarked({ ...question, referenceNumber: 'R1' }))).toBe(200);
    expect(await send('/callbacks', signMarked({ ...question, referenceNumber: 'R2', amount: PERSONAL.text }))).toBe(
      200,
    );
    await answerBy(
      namespace,
      () => ({ answer: 'accept' }),
      () => send('/callbacks', signMarked({ ...question, referenceNumber: 'R3' })),
    );
    await answerBy(
      namespace,
      () => Promise.reject(new Error(PERSONAL.text)),
      () => send('/callbacks', signMarked({ ...question, referenceNumber: 'R4' })),
    );
    const refusal = { answer: 'reject', reason: 'general', text: PERSONAL.text } as const;
    await answerBy(
      namespace,
      () => refusal,
      async () => {
        const body = signMarked({ ...question, referenceNumber: 'R5' });
        const answer = await fetch(`${publicUrl}/callbacks`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        expect(await answer.text()).toContain(PERSONAL.text);
      },
    );
    const all = await written();
    expect(leaksIn(all)).toEqual([]);
    expect(outcomesIn(all).toSorted()).toEqual(['accepted', 'unavailable', 'unrecognized']);
  });
});
