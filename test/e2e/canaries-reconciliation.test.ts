import { describe, expect, it } from 'vitest';
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { payoutFields } from '../support/callback.ts';
import {
  findLeaks,
  merchantPublicKey,
  PERSONAL,
  SECRETS,
  signCanary,
  startCanaryService,
} from '../support/canaries.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { serveHttp } from '../support/listen.ts';
import { openQueue } from '../support/queues.ts';

const start = async (baseUrl: string) => {
  const env = {
    ...apiEnv(baseUrl),
    PAYCOOLS_PRIVATE_KEY: SECRETS.privateKey,
    RECONCILE_SCHEDULE: '15 3 * * *',
    RECONCILE_RATE: '1000',
    CONFIRM: 'always',
  };
  const service = await startCanaryService({ env });
  const queue = openQueue(service.namespace, 'reconciliation');
  const runs = async (outcome: string): Promise<number> => {
    const metrics = await (await fetch(`${service.opsUrl}/metrics`)).text();
    return Number(new RegExp(`runs_total\\{outcome="${outcome}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0);
  };
  const unfinished = async (): Promise<number> => (await runs('failed')) + (await runs('incomplete'));
  const ended = async (): Promise<number> => (await runs('succeeded')) + (await unfinished());
  /** Starts a run, as the scheduler does. */
  const begin = async (): Promise<void> => void (await queue.add('schedule', {} as never));
  /** Starts a run and waits for its end. */
  const run = async (): Promise<void> => {
    const before = await ended();
    await begin();
    await expect.poll(ended, { timeout: 15_000 }).toBeGreaterThan(before);
  };
  return { ...service, begin, run, runs, unfinished };
};

/** A PayCools that gives the same reply to every call. */
const startStrangePaycools = async () => {
  const reply = { status: 200, text: '', count: 0 };
  const { url } = await serveHttp((request, response) => {
    request.resume().once('end', () => {
      reply.count += 1;
      response.writeHead(reply.status, { 'content-type': 'application/json', 'x-more': PERSONAL.text }).end(reply.text);
    });
  });
  return { reply, url };
};

describe('secrets and personal data', () => {
  it('of reconciled and confirmed payouts are written nowhere', async () => {
    const keys = { publicKey: merchantPublicKey, callbackSecret: SECRETS.secret };
    const sandbox = disposeWithTest(await sandboxWith(keys));
    const { send, run, runs, stopAndReadAll, namespace } = await start(sandbox.url);
    const client = clientOf(sandbox.url, { privateKey: SECRETS.privateKey });
    const request = { ...payoutOf(20_000), remark: PERSONAL.remark };
    await client.payout.create(request);
    await client.payout.create(payoutOf(30_000));
    await sandbox.settled();
    const { transactionId } = await client.payout.status({ mchOrderId: request.mchOrderId });
    const order = { transactionId, mchOrderId: request.mchOrderId, amount: 20_000 };
    expect(await send('/callbacks', signCanary({ ...payoutFields(), ...order }))).toBe(200);
    expect(await send('/callbacks', signCanary({ ...payoutFields(), ...order, amount: 1 }))).toBe(200);
    await run();
    expect(await runs('succeeded')).toBe(1);
    expect(await openQueue(namespace, 'payout').getWaitingCount()).toBeGreaterThan(0);
    expect(findLeaks(await stopAndReadAll())).toEqual([]);
  });

  it('in unusable replies from PayCools are written nowhere', { timeout: 60_000 }, async () => {
    const { reply, url } = await startStrangePaycools();
    const { send, begin, run, unfinished, stopAndReadAll } = await start(url);
    expect(await send('/callbacks', signCanary(payoutFields()))).toBe(200);
    const refusal = JSON.stringify({ code: 1009, message: `${PERSONAL.name} ${PERSONAL.mobile}`, data: PERSONAL.text });
    const unknownShape = JSON.stringify({
      code: 1000,
      message: 'ok',
      data: { list: [{ [PERSONAL.text]: PERSONAL.name }] },
    });
    const replies: [status: number, text: string][] = [
      [200, `<html>${PERSONAL.text}`],
      [200, refusal],
      [200, unknownShape],
      [200, `"${PERSONAL.text}"`],
      [404, PERSONAL.text],
    ];
    for (const [status, text] of replies) {
      Object.assign(reply, { status, text });
      await run();
    }
    // A 500 is retried, and a whole run with retries takes minutes.
    Object.assign(reply, { status: 500, text: PERSONAL.text, count: 0 });
    await begin();
    await expect.poll(() => reply.count, { timeout: 15_000 }).toBeGreaterThan(3);
    expect(await unfinished()).toBeGreaterThan(2);
    expect(findLeaks(await stopAndReadAll())).toEqual([]);
  });
});
