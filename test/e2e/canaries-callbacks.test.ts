import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Answerer, createConsumer } from '../../src/consumer/index.ts';
import { products } from '../../src/products/registry.ts';
import { signEnvelope } from '../../src/verify/callback.ts';
import { payoutFields, post, verificationFields } from '../support/callback.ts';
import {
  inspect,
  PERSONAL,
  refusalsIn,
  signCanary,
  startCanaryService,
  withPersonalData,
} from '../support/canaries.ts';
import { paycoolsKeys, paycoolsPublicKey, samples } from '../support/samples.ts';

const flat = samples.filter(({ content }) => content['param'] === undefined);
const payout = payoutFields();

/** Does something while a consumer answers payment verifications. */
const whileAnswering = async (
  namespace: { url: string; prefix: string },
  verification: Answerer,
  act: () => Promise<unknown>,
) => {
  await using consumer = createConsumer({
    redis: namespace.url,
    prefix: namespace.prefix,
    handlers: { 'direct-debit': () => undefined },
    verification,
  });
  await consumer.ready();
  await act();
};

describe('secrets and personal data', () => {
  it('of stored callbacks are written nowhere', async () => {
    const { send, stopAndReadAll } = await startCanaryService({
      env: { PAYCOOLS_CALLBACK_PUBLIC_KEY: paycoolsPublicKey },
    });
    for (const { product, content } of flat) await send(`/callbacks/${product ?? 'payout'}`, signCanary(content));
    for (const { product, content } of flat)
      await send(
        '/callbacks',
        signEnvelope(withPersonalData({ ...content, transactionId: `E-${product}` }), paycoolsKeys.privateKey),
      );
    const changes = [
      {}, // a duplicate
      { amount: 1 }, // a conflict
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
      expect(await send('/callbacks/payout', signCanary({ ...payout, ...change }))).toBe(200);
    for (const { product } of products)
      await send(`/callbacks/${product}`, signCanary({ ...payout, transactionId: 'D6' }));
    // Payment verifications among the samples are unavailable, because no worker answers them.
    const outcomes = ['accepted', 'conflicting', 'duplicate', 'unavailable', 'unrecognized'];
    expect(inspect(await stopAndReadAll())).toEqual({ leaks: [], outcomes });
  });

  it('of refused callbacks are written nowhere', async () => {
    const { send, stopAndReadAll, publicUrl } = await startCanaryService({ env: { BODY_LIMIT: '4096' } });
    const genuine = signCanary(payout);
    const refused: [path: string, body: string, headers?: Record<string, string>][] = [
      ['/callbacks/payout', genuine.replace('312500', '312501')],
      ['/callbacks/payout', JSON.stringify({ ...withPersonalData(payout), sign: PERSONAL.text })],
      ['/callbacks/payout', JSON.stringify(withPersonalData(payout))],
      ['/callbacks/payout', JSON.stringify({ param: JSON.stringify(withPersonalData(payout)), sign: PERSONAL.text })],
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
    const forged = JSON.stringify({ ...withPersonalData(payout), sign: PERSONAL.text });
    const guesses = await Promise.all(Array.from({ length: 600 }, () => send('/callbacks/payout', forged)));
    expect(guesses).toContain(429);
    const socket = connect(Number(new URL(publicUrl).port), '127.0.0.1');
    socket.end(`POST /callbacks ${PERSONAL.text}\r\n\r\n`);
    const [broken] = (await once(socket, 'data')) as [Buffer];
    const all = `${await stopAndReadAll()}${broken}`;
    expect(inspect(all)).toEqual({ leaks: [], outcomes: ['forged', 'malformed'] });
    expect(refusalsIn(all)).toEqual(['headers', 'path', 'size', 'syntax', 'type']);
  });

  it('of callbacks from forbidden addresses are written nowhere', async () => {
    const { send, stopAndReadAll } = await startCanaryService({ env: { ALLOWED_IPS: '10.0.0.1' } });
    expect(await send('/callbacks/payout', signCanary(payout))).toBe(403);
    const all = await stopAndReadAll();
    expect(inspect(all)).toEqual({ leaks: [], outcomes: [] });
    expect(refusalsIn(all)).toEqual(['source']);
  });

  it('of payment verifications are written nowhere but into replies to PayCools', async () => {
    const { send, stopAndReadAll, namespace, publicUrl } = await startCanaryService({
      env: { VERIFICATION_TIMEOUT_MS: '300' },
    });
    const verification = (change: Record<string, unknown>) => signCanary(verificationFields(change));
    const unreadable = verification({ referenceNumber: 'R2', amount: PERSONAL.text });
    expect(await send('/callbacks', verification({ referenceNumber: 'R1' }))).toBe(200);
    expect(await send('/callbacks', unreadable)).toBe(200);
    await whileAnswering(
      namespace,
      () => ({ answer: 'accept' }),
      () => send('/callbacks', verification({ referenceNumber: 'R3' })),
    );
    await whileAnswering(
      namespace,
      () => Promise.reject(new Error(PERSONAL.text)),
      () => send('/callbacks', verification({ referenceNumber: 'R4' })),
    );
    await whileAnswering(
      namespace,
      () => ({ answer: 'reject', reason: 'general', text: PERSONAL.text }),
      async () => {
        const { body } = await post(`${publicUrl}/callbacks`, verification({ referenceNumber: 'R5' }));
        expect(body).toContain(PERSONAL.text);
      },
    );
    const outcomes = ['accepted', 'unavailable', 'unrecognized'];
    expect(inspect(await stopAndReadAll())).toEqual({ leaks: [], outcomes });
  });
});
