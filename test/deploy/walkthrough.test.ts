import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { startComposeRedis } from './compose-redis.ts';
import { chartContainers, composeContainers, startContainers } from './containers.ts';

const page = readFileSync('docs/deployment.md', 'utf8');

/** The command of the page that sends a payment, in the container of the sandbox. */
const commandAfter = (prefix: string): string =>
  new RegExp(`^${prefix} (paycools api payout\\.create [\\s\\S]*?)\\n\\n?(?:\`\`\`|docker|kubectl)`, 'm').exec(
    page,
  )?.[1] ?? '';

/** Logs in to the console. Returns a function that searches for an order. */
const logIn = async (ops: string, token: string) => {
  const login = { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' } as const;
  const headers = { 'sec-fetch-site': 'same-origin' };
  const reply = await fetch(`${ops}/console/login`, { ...login, headers });
  const cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async (order: string): Promise<string> =>
    (await fetch(`${ops}/console/payments?id=${order}`, { headers: { cookie } })).text();
};

describe('the walk through docs/deployment.md', () => {
  it.each([
    ['Docker Compose', composeContainers(), 'docker compose exec sandbox'],
    ['the Helm chart', chartContainers(), 'kubectl exec deployment/paycools-sandbox --'],
  ])(
    'leads to a payment that a worker prints and the console shows, with %s',
    async (_, containers, prefix) => {
      const { worker, runInSandbox, ops, token } = await startContainers(containers, await startComposeRedis());
      const { transactionId } = runInSandbox(commandAfter(prefix)) as { readonly transactionId: string };
      await worker.line(/^consumed com\.paycools\.payout\.succeeded PHP 1500\.00 /);
      const search = await logIn(ops, token);
      let shown = '';
      const isShown = async (): Promise<boolean> => {
        shown = await search('DEMO000001');
        return shown.includes(transactionId);
      };
      await until(isShown, { what: 'the console shows the payment', timeoutMs: 10_000 });
      for (const text of ['DEMO000001', '1,500.00', 'succeeded']) expect(shown).toContain(text);
      expect(await (await fetch(`${ops}/console/payments`)).text()).not.toContain('DEMO000001');
    },
    90_000,
  );

  it('shows the spool take over when Redis is killed, and its payment consumed once Redis is back', async () => {
    const redis = await startComposeRedis();
    const { receiver, worker, runInSandbox, metric } = await startContainers(composeContainers(), redis);
    const payout = commandAfter('docker compose exec sandbox');
    expect(runInSandbox(payout)).toMatchObject({ transactionId: expect.any(String) });
    await worker.line(/^consumed com\.paycools\.payout\.succeeded PHP 1500\.00 /);
    expect([await metric('paycools_redis_up'), await metric('paycools_durability_ok')]).toEqual([1, 1]);

    await redis.kill();
    await until(async () => (await metric('paycools_redis_up')) === 0, {
      what: 'the loss of Redis is noticed',
      timeoutMs: 10_000,
    });
    expect(runInSandbox(payout.replaceAll('DEMO000001', 'DEMO000002'))).toMatchObject({
      transactionId: expect.any(String),
    });
    const spooled = () => metric('paycools_spool_events');
    await until(async () => (await spooled()) === 1, { what: 'the callback is spooled', timeoutMs: 10_000 });

    await redis.start();
    await until(async () => (await spooled()) === 0, { what: 'the spool is empty', timeoutMs: 20_000 });
    const isConsumed = async () => worker.lines.filter((line) => line.startsWith('consumed')).length === 2;
    await until(isConsumed, { what: 'the worker has consumed it', timeoutMs: 20_000 });
    receiver.child.kill('SIGTERM');
    worker.child.kill('SIGTERM');
    expect(await Promise.all([receiver.ended, worker.ended])).toEqual([0, 0]);
  }, 90_000);
});
