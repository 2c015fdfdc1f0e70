import type { Queue } from 'bullmq';
import { expect, it } from 'vitest';
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { openQueue } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** PayCools has a payout of 200 pesos; the callback states one centavo. */
const startContradicted = async (env: Readonly<Record<string, string>>) => {
  const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET }));
  const service = await startTestService({
    env: {
      ...apiEnv(sandbox.url),
      RECONCILE_RATE: '1000',
      CONSOLE_URL: 'https://ops.example/console',
      ...env,
    },
  });
  const request = payoutOf(20_000);
  const client = clientOf(sandbox.url);
  await client.payout.create(request); // without an address, no callback is sent
  await sandbox.settled();
  const { mchOrderId } = request;
  const { transactionId } = await client.payout.status({ mchOrderId });
  await post(`${service.publicUrl}/callbacks`, sign(payoutFields({ transactionId, mchOrderId, amount: 1 })));
  /** Waits for the log line with this message and returns its link. */
  const linkOf = async (message: string): Promise<string | undefined> => {
    const lines = () => service.logLines.map((line) => JSON.parse(line) as { msg: string; link?: string });
    await until(async () => lines().some(({ msg }) => msg === message), { what: message, timeoutMs: 20_000 });
    return lines().find(({ msg }) => msg === message)?.link;
  };
  return { service, transactionId, linkOf };
};

it('logs a link to the payment with a disagreement that a reconciliation found', async () => {
  const { service, transactionId, linkOf } = await startContradicted({ RECONCILE_SCHEDULE: '15 3 * * *' });
  const queue: Queue = openQueue(service.namespace, 'reconciliation');
  await queue.add('schedule', {}); // as the scheduler does
  const link = await linkOf('reconciliation found a disagreement');
  expect(link).toBe(`https://ops.example/console/payments/${transactionId}`);
});

it('logs a link to the payment with an event that PayCools contradicts', async () => {
  const { linkOf } = await startContradicted({ CONFIRM: 'always' });
  expect(await linkOf('confirmation')).toMatch(/^https:\/\/ops\.example\/console\/payments\/evt_[0-9a-f]{32}$/);
});
