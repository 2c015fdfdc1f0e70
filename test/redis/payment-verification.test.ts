import { describe, expect, it } from 'vitest';
import type { PaymentVerificationEvent } from '../../src/core/payment-verification.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openQueue, waitingEvents } from '../support/queues.ts';
import { RedisNode } from '../support/topologies/redis-node.ts';
import { startVerification } from '../support/verification.ts';

const REFUSED = { status: 200, reply: { code: 1000, msg: 'Rejected' } };
const ACCEPTED = { status: 200, reply: { code: 2000, msg: 'Success' } };

describe('a payment verification', () => {
  it('reaches a worker as a typed event', async () => {
    const { ask, work } = await startVerification();
    const asked: PaymentVerificationEvent[] = [];
    await work(async (job) => {
      asked.push(job.data);
      return { answer: 'accept' };
    });
    expect(await ask()).toMatchObject(ACCEPTED);
    expect(asked).toMatchObject([
      {
        type: 'com.paycools.payment-verification.requested',
        subject: 'CCVA1653350151938813',
        time: '2022-05-31T01:38:06.000Z',
        data: {
          product: 'virtual-account',
          merchantOrderId: 'CCVA1653350151938813',
          referenceNumber: 'PCLAC1000000001',
          amount: { minor: 503700, currency: 'PHP', value: '5037.00' },
          mobile: '0912345678',
        },
      },
    ]);
    const { answerBy = '' } = asked[0]?.data ?? {};
    expect(Date.parse(answerBy) - Date.parse(asked[0]?.receivedat ?? '')).toBe(400);
  });

  it.each([
    [{ answer: 'accept' }, 2000, 'Success'],
    [{ answer: 'reject' }, 1000, 'Rejected'],
    [{ answer: 'reject', reason: 'general', text: 'closed' }, 1000, 'closed'],
    [
      { answer: 'reject', reason: 'invalid-parameter', text: 'reference number does not exist' },
      1001,
      'reference number does not exist',
    ],
    [{ answer: 'reject', reason: 'amount-over-limit' }, 1002, 'Amount exceeds the limit'],
    ['nonsense', 1000, 'Rejected'],
    [undefined, 1000, 'Rejected'],
  ])('to which a worker answers %j is replied to with code %i', async (returned, code, msg) => {
    const { ask, work } = await startVerification();
    await work(async () => returned);
    expect(await ask()).toMatchObject({ status: 200, reply: { code, msg } });
  });

  it('is refused in time when there is no worker, and is removed from the queue', async () => {
    const { ask, namespace } = await startVerification();
    const { ms, ...answer } = await ask();
    expect(answer).toEqual(REFUSED);
    expect(ms).toBeGreaterThan(390);
    expect(ms).toBeLessThan(400 + 250);
    await expect.poll(() => openQueue(namespace, 'payment-verification').getWaitingCount()).toBe(0);
  });

  it('is accepted without an answer if VERIFICATION_DEFAULT is accept', async () => {
    const { ask } = await startVerification({ VERIFICATION_DEFAULT: 'accept' });
    expect(await ask()).toMatchObject(ACCEPTED);
  });

  it('is refused when the worker is too slow, and gets the answer when it is repeated', async () => {
    const { ask, work } = await startVerification();
    const late = Promise.withResolvers<unknown>();
    const finished = Promise.withResolvers<void>();
    await work(async () => {
      const answer = await late.promise;
      finished.resolve();
      return answer;
    });
    expect(await ask()).toMatchObject(REFUSED);
    late.resolve({ answer: 'accept' });
    await finished.promise;
    expect(await ask()).toMatchObject(ACCEPTED);
  });

  it('is answered in time while Redis hangs', async () => {
    const node = disposeWithTest(await RedisNode.start({ dataDir: temporaryFolder() }));
    const { ask } = await startVerification({ REDIS_URL: `redis://127.0.0.1:${node.port}` });
    node.hang();
    const { ms, ...answer } = await ask();
    node.resume();
    expect(answer).toEqual(REFUSED);
    expect(ms).toBeLessThan(400 + 500);
  });

  it('is refused at once when the worker throws', async () => {
    const { ask, work } = await startVerification({ VERIFICATION_TIMEOUT_MS: '5000' });
    await work(async () => {
      throw new Error('no database');
    });
    const { ms, ...answer } = await ask();
    expect(answer).toEqual(REFUSED);
    expect(ms).toBeLessThan(2000);
  });

  it('gets the same answer when it is repeated within a minute, on any replica, without asking workers twice', async () => {
    const one = await startVerification();
    const two = await startVerification({ QUEUE_PREFIX: one.namespace.prefix });
    let count = 0;
    await one.work(async () => {
      count += 1;
      return { answer: 'accept' };
    });
    const answers = [await one.ask(), await one.ask(), await two.ask()];
    expect(answers.map(({ reply }) => reply.code)).toEqual([2000, 2000, 2000]);
    expect(count).toBe(1);
  });

  it('is asked separately if any identifying field differs', async () => {
    const { ask, work } = await startVerification();
    const asked = new Set<string>();
    await work(async ({ data }) => {
      asked.add(data.id);
      return { answer: 'accept' };
    });
    await ask();
    await ask({ amount: 1 });
    await ask({ mobile: '' });
    await ask({ createTime: '2022-05-31 09:38:07' });
    await ask({ referenceNumber: 'OTHER' });
    await ask({ mchOrderId: 'OTHER' });
    expect(asked.size).toBe(6);
  });

  it('asks workers once when it arrives a hundred times at once', async () => {
    const { ask, work } = await startVerification({ VERIFICATION_TIMEOUT_MS: '3000' });
    let count = 0;
    await work(async () => {
      count += 1;
      return { answer: 'accept' };
    });
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask()));
    expect(new Set(answers.map(({ reply }) => reply.code))).toEqual(new Set([2000]));
    expect(count).toBe(1);
  });

  it('is answered among a hundred others, each with its own answer', async () => {
    const { ask, work } = await startVerification({ VERIFICATION_TIMEOUT_MS: '3000' });
    await work(async ({ data }) =>
      data.data.amount.minor % 2 === 0 ? { answer: 'accept' } : { answer: 'reject', reason: 'amount-over-limit' },
    );
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask({ amount: 100 + index })));
    expect(answers.map(({ reply }) => reply.code)).toEqual(
      Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 2000 : 1002)),
    );
  });

  it('gets code 1001 when it is not understood, and is stored as unrecognized', async () => {
    const { ask, namespace } = await startVerification();
    expect(await ask({ amount: '50.00' })).toMatchObject({
      status: 200,
      reply: { code: 1001, msg: 'Parameter error' },
    });
    expect(await waitingEvents(namespace, 'unrecognized')).toMatchObject([
      { data: { reason: 'amount: must be a non-negative integer of centavos' } },
    ]);
  });

  it('has no mobile if that of the callback is empty', async () => {
    const { ask, work } = await startVerification();
    const mobiles: unknown[] = [];
    await work(async ({ data }) => {
      mobiles.push(data.data.mobile);
      return { answer: 'accept' };
    });
    await ask({ mobile: '' });
    expect(mobiles).toEqual([null]);
  });

  it('writes nothing to the ledger', async () => {
    const { ask, namespace } = await startVerification();
    await ask();
    expect(await namespace.redis.keys(`${namespace.prefix}:ledger:*`)).toEqual([]);
    expect(await openQueue(namespace, 'virtual-account').getWaitingCount()).toBe(0);
  });
});
