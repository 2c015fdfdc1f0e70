import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { readWebhookSecret, signWebhook } from '../../src/forward/sign-webhook.ts';
import { paycools } from '../cli/support.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { serveHttp } from '../support/listen.ts';
import { openQueue } from '../support/queues.ts';
import { startTestService, type TestService } from '../support/service.ts';

const FORWARD_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const keyOf = (secret: string): Buffer => {
  const key = readWebhookSecret(new Secret(secret));
  if (!key.ok) throw new Error(key.error);
  return key.value;
};

type Posted = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** An application that replies with each status in turn, and then with 200. */
const startApplication = async (...statuses: number[]) => {
  const posted: Posted[] = [];
  const { url } = await serveHttp(async (request, response) => {
    posted.push({ headers: request.headers, body: await text(request) });
    response.writeHead(statuses.shift() ?? 200).end('not for the log');
  });
  return { url: `${url}/paycools`, posted };
};

const forward = ({ namespace }: TestService, url: string, ...words: string[]) => {
  const stop = Promise.withResolvers<void>();
  const env = { REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix, FORWARD_SECRET };
  const ran = paycools(['forward', '--to', url, ...words], { env, stopped: stop.promise });
  const end = async () => {
    stop.resolve();
    return ran;
  };
  onTestFinished(() => void end());
  return end;
};

const send = ({ publicUrl }: TestService, change: Record<string, unknown> = {}) =>
  post(`${publicUrl}/callbacks`, sign(payoutFields(change)));

it('signs as Standard Webhooks describes', () => {
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', sentAt: 1_614_265_330_000, body: '{"test": 2432232314}' };
  expect(signWebhook(message, keyOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLjSw'))).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,q6KMVIJHk4Gs770FfR5f591Ftx7uVJSGl5wHV1ri978=', // of the library `standardwebhooks` 1.1.1
  });
});

describe('paycools forward', () => {
  it('posts each event as a signed CloudEvent, and logs only its type and id', async () => {
    const service = await startTestService();
    const { url, posted } = await startApplication();
    const end = forward(service, url);
    await send(service);
    await expect.poll(() => posted.length).toBe(1);
    const [{ headers, body } = { headers: {}, body: '' }] = posted;
    const event = JSON.parse(body);
    expect(event).toMatchObject({
      specversion: '1.0',
      type: 'com.paycools.payout.succeeded',
      id: headers['webhook-id'],
    });
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    const sentAt = Number(headers['webhook-timestamp']) * 1000;
    expect(headers).toMatchObject(signWebhook({ id: event.id, sentAt, body }, keyOf(FORWARD_SECRET)));
    await expect.poll(() => openQueue(service.namespace, 'payout').getCompletedCount()).toBe(1);
    const { code, err } = await end();
    expect([code, err]).toEqual([0, expect.stringMatching(new RegExp(`${event.type} ${event.id} attempt 1: 200\n`))]);
    expect(err).not.toContain(event.data.merchantOrderId);
  });

  it.each([500, 302, 404])('retries an event after %i, as other jobs are retried', async (status) => {
    const service = await startTestService();
    const { url, posted } = await startApplication(status);
    const end = forward(service, url, '--product', 'payout,refund');
    await send(service);
    const queue = openQueue(service.namespace, 'payout');
    await expect.poll(() => queue.getDelayedCount()).toBe(1);
    await (await queue.getDelayed())[0]?.promote();
    await expect.poll(() => queue.getCompletedCount()).toBe(1);
    expect(posted[0]?.headers['webhook-id']).toBe(posted[1]?.headers['webhook-id']);
    const { err } = await end();
    expect(err).toMatch(new RegExp(`attempt 1: 127\\.0\\.0\\.1:\\d+ replied ${status}; will be retried\n`));
    expect(err).not.toContain('not for the log');
  });

  it('delivers the events of a payment in order with --ordered', async () => {
    const service = await startTestService();
    const { url, posted } = await startApplication(503);
    forward(service, url, '--ordered');
    await send(service, { transactionStatus: 'PENDING' });
    const queue = openQueue(service.namespace, 'payout');
    await expect.poll(() => queue.getDelayedCount()).toBe(1);
    await send(service);
    await send(service, { transactionId: 'OTHER', mchOrderId: 'OTHER' });
    await expect.poll(() => queue.getDelayedCount()).toBe(2);
    await expect.poll(() => queue.getCompletedCount()).toBe(1);
    for (const [type, completed] of [
      ['pending', 2],
      ['succeeded', 3],
    ] as const) {
      const jobs = await queue.getDelayed();
      await jobs.find(({ name }) => name.endsWith(type))?.promote();
      await expect.poll(() => queue.getCompletedCount()).toBe(completed);
    }
    const types = posted.map(({ body }) => JSON.parse(body)).map(({ type, subject }) => `${subject} ${type}`);
    expect(types.filter((it) => !it.startsWith('OTHER'))).toEqual([
      'D1032653961082864323 com.paycools.payout.pending',
      'D1032653961082864323 com.paycools.payout.pending',
      'D1032653961082864323 com.paycools.payout.succeeded',
    ]);
  });

  it.each([
    [['--to', 'ftp://x'], 2, '--to must be https'],
    [['--to', 'http://shop.example/hook'], 2, '--to must be https'],
    [['--to', 'https://shop.example', '--product', 'payouts'], 2, '--product payouts is not one of payout,'],
    [['--to', 'https://shop.example', '--timeout', '0'], 2, '--timeout must be an integer'],
    [['--product', 'payout'], 2, '--to'],
  ])('refuses %j', async (words, code, message) => {
    const ran = await paycools(['forward', ...words], { env: { FORWARD_SECRET } });
    expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(message)]);
  });

  it.each([
    [{}, 'FORWARD_SECRET is missing'],
    [{ FORWARD_SECRET: 'secret' }, 'FORWARD_SECRET must be whsec_ followed by 24 to 64 bytes in base64'],
  ])('requires a valid secret: %j', async (env, message) => {
    const ran = await paycools(['forward', '--to', 'https://shop.example'], { env });
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining(message)]);
  });
});
