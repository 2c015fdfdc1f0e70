import { describe, expect, it, onTestFinished } from 'vitest';
import { createConsumer } from '../../src/consumer/index.ts';
import { APP_ID, clientOf, PRIVATE_KEY, payoutOf } from '../sandbox/support.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { run } from '../support/process.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const CLI = 'src/cli/main.ts';

const startWith = async (api: Readonly<Record<string, string>> = {}) => {
  const service = await startTestService({ env: api });
  const { namespace } = service;
  const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix, ...api };
  /** What the command prints, in a process of its own. */
  const where = async (...words: string[]): Promise<string> => {
    const { ended, lines } = run({ command: process.execPath, args: [CLI, 'where', ...words], env });
    await ended;
    return lines.join('\n');
  };
  const says = (pattern: RegExp, ...words: string[]): Promise<void> =>
    until(async () => pattern.test(await where(...words)), { what: `${words[0]} is ${pattern}`, timeoutMs: 20_000 });
  return { ...service, where, says };
};

describe('paycools where', () => {
  it('asks the sandbox, a process of its own, and shows both sides', async () => {
    const args = [CLI, 'sandbox', '--port', '0', '--app-id', APP_ID];
    const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, PAYCOOLS_PRIVATE_KEY: PRIVATE_KEY };
    const sandbox = run({ command: process.execPath, args, env });
    const [url = ''] = /http:\/\/[\d.:]+/.exec(await sandbox.line(/http:\/\/[\d.]+:\d+/)) ?? [];
    const settings = { PAYCOOLS_BASE_URL: url, PAYCOOLS_APP_ID: APP_ID, PAYCOOLS_PRIVATE_KEY: PRIVATE_KEY };
    const { publicUrl, where, says } = await startWith(settings);
    const client = clientOf(url);
    const request = payoutOf(20_000);
    await client.payout.create(request); // without an address, no callback is sent
    const { mchOrderId } = request;
    const statusOf = async () => client.payout.status({ mchOrderId });
    await until(async () => (await statusOf()).transactionStatus === 'COMPLETE', {
      what: 'it is paid',
      timeoutMs: 10_000,
    });
    const { transactionId } = await statusOf();
    const callBack = (change: Record<string, unknown>) => post(`${publicUrl}/callbacks`, sign(payoutFields(change)));

    await callBack({ mchOrderId, transactionId, amount: 20_000 });
    await says(/state +succeeded/, mchOrderId);
    expect(await where(mchOrderId, '--ask')).toMatch(
      /PayCools says: succeeded, 200\.00\nreceived here: succeeded, 200\.00\nBoth agree\./,
    );
    await callBack({ mchOrderId: 'NOT-THEIRS', transactionId: 'D-not-theirs' });
    await says(/state +succeeded/, 'NOT-THEIRS');
    expect(await where('NOT-THEIRS', '--ask')).toContain('PayCools does not know it.');
  }, 60_000);

  it('shows each attempt that a consumer made, and so does the console', async () => {
    const { publicUrl, opsUrl, namespace, says, where } = await startWith();
    let count = 0;
    const consumer = createConsumer({
      redis: namespace.url,
      prefix: namespace.prefix,
      handlers: {
        payout: () => {
          count += 1;
          if (count === 1) throw new Error('the accounts are closed');
        },
      },
      onError: () => undefined,
    });
    onTestFinished(() => consumer.close());
    await post(`${publicUrl}/callbacks`, sign(payoutFields({ transactionId: 'D1', mchOrderId: 'ORDER-1' })));
    await says(/the accounts are closed/, 'ORDER-1');
    expect(await where('ORDER-1')).toMatch(/ttempt 1.*the accounts are closed/);
    const page = await (await fetch(`${opsUrl}/console/payments/D1`)).text();
    expect(page).toMatch(/ttempt 1[\s\S]*the accounts are closed/);
  }, 60_000);
});
