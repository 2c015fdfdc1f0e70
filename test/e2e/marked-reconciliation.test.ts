import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { APP_ID, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { payoutFields } from '../support/callback.ts';
import { leaksIn, merchantPublicKey, PERSONAL, SECRETS, signMarked, startMarked } from '../support/marked.ts';
import { openQueue } from '../support/queues.ts';

const start = async (baseUrl: string) => {
  const env = {
    PAYCOOLS_BASE_URL: baseUrl,
    PAYCOOLS_APP_ID: APP_ID,
    PAYCOOLS_PRIVATE_KEY: SECRETS.privateKey,
    RECONCILE_SCHEDULE: '15 3 * * *',
    RECONCILE_RATE: '1000',
    CONFIRM: 'always',
  };
  const service = await startMarked({ env });
  const queue = openQueue(service.namespace, 'reconciliation');
  const runs = async (outcome: string): Promise<number> => {
    const metrics = await (await fetch(`${service.opsUrl}/metrics`)).text();
    return Number(new RegExp(`runs_total\\{outcome="${outcome}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0);
  };
  const unfinished = async (): Promise<number> => (await runs('failed')) + (await runs('incomplete'));
  const ended = async (): Promise<number> => (await runs('succeeded')) + (await unfinished());
  /** It is time: what the scheduler does at each tick. */
  const begin = async (): Promise<void> => void (await queue.add('schedule', {} as never));
  /** Resolves when the run has ended. */
  const run = async (): Promise<void> => {
    const before = await ended();
    await begin();
    await expect.poll(ended, { timeout: 15_000 }).toBeGreaterThan(before);
  };
  return { ...service, begin, run, runs, unfinished };
};

/** A PayCools that answers everything with the same text. */
const startStrange = async () => {
  const said = { status: 200, text: '', answered: 0 };
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      said.answered += 1;
      response.writeHead(said.status, { 'content-type': 'application/json', 'x-more': PERSONAL.text }).end(said.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { said, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

describe('secrets and personal data', () => {
  it('of what is reconciled and confirmed are written nowhere', async () => {
    const sandbox = await sandboxWith({ publicKey: merchantPublicKey, callbackSecret: SECRETS.secret });
    onTestFinished(() => sandbox[Symbol.asyncDispose]());
    const { send, run, runs, written, namespace } = await start(sandbox.url);
    const client = clientOf(sandbox.url, { privateKey: SECRETS.privateKey });
    const request = { ...payoutOf(20_000), remark: PERSONAL.remark };
    await client.payout.create(request);
    await client.payout.create(payoutOf(30_000));
    await sandbox.settled();
    const { transactionId } = await client.payout.status({ mchOrderId: request.mchOrderId });
    const order = { transactionId, mchOrderId: request.mchOrderId, amount: 20_000 };
    expect(await send('/callbacks', signMarked({ ...payoutFields(), ...order }))).toBe(200);
    expect(await send('/callbacks', signMarked({ ...payoutFields(), ...order, amount: 1 }))).toBe(200);
    await run();
    expect(await runs('succeeded')).toBe(1);
    expect(await openQueue(namespace, 'payout').getWaitingCount()).toBeGreaterThan(0);
    expect(leaksIn(await written())).toEqual([]);
  });

  it('of an answer of PayCools that cannot be used are written nowhere', { timeout: 60_000 }, async () => {
    const { said, url } = await startStrange();
    const { send, begin, run, unfinished, written } = await start(url);
    expect(await send('/callbacks', signMarked(payoutFields()))).toBe(200);
    const refusal = JSON.stringify({ code: 1009, message: `${PERSONAL.name} ${PERSONAL.mobile}`, data: PERSONAL.text });
    const odd = JSON.stringify({ code: 1000, message: 'ok', data: { list: [{ [PERSONAL.text]: PERSONAL.name }] } });
    const answers: [status: number, text: string][] = [
      [200, `<html>${PERSONAL.text}`],
      [200, refusal],
      [200, odd],
      [200, `"${PERSONAL.text}"`],
      [404, PERSONAL.text],
    ];
    for (const [status, text] of answers) {
      Object.assign(said, { status, text });
      await run();
    }
    // What PayCools may answer better in a moment is asked again and again: a run of it takes minutes.
    Object.assign(said, { status: 500, text: PERSONAL.text, answered: 0 });
    await begin();
    await expect.poll(() => said.answered, { timeout: 15_000 }).toBeGreaterThan(3);
    expect(await unfinished()).toBeGreaterThan(2);
    expect(leaksIn(await written())).toEqual([]);
  });
});
