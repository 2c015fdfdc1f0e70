import { describe, expect, it, onTestFinished } from 'vitest';
import { createConsumer } from '../../src/consumer/index.ts';
import { APP_ID, apiEnv, clientOf, PRIVATE_KEY, payoutOf } from '../sandbox/support.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { run } from '../support/process.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const CLI = 'src/cli/main.ts';

const startWith = async (api: Readonly<Record<string, string>> = {}) => {
  const service = await startTestService({ env: api });
  const { namespace } = service;
  const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix, ...api };
  /** Runs the command and returns what it prints. */
  const where = async (...words: string[]): Promise<string> => {
    const { ended, lines } = run({ command: process.execPath, args: [CLI, 'where', ...words], env });
    await ended;
    return lines.join('\n');
  };
  const untilPrinted = (pattern: RegExp, id: string): Promise<void> =>
    until(async () => pattern.test(await where(id)), { what: `${id} is ${pattern}`, timeoutMs: 20_000 });
  return { ...service, where, untilPrinted };
};

describe('paycools where', () => {
  it('asks PayCools and shows both sides', async () => {
    const args = [CLI, 'sandbox', '--port', '0', '--app-id', APP_ID];
    const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, PAYCOOLS_PRIVATE_KEY: PRIVATE_KEY };
    const sandbox = run({ command: process.execPath, args, env });
    const [url = ''] = /http:\/\/[\d.:]+/.exec(await sandbox.line(/http:\/\/[\d.]+:\d+/)) ?? [];
    const { publicUrl, where, untilPrinted } = await startWith(apiEnv(url));
    const client = clientOf(url);
    const request = payoutOf(20_000);
    await client.payout.create(request); // without an address, no callback is sent
    const { mchOrderId } = request;
    const status = () => client.payout.status({ mchOrderId });
    const isPaid = async () => (await status()).transactionStatus === 'COMPLETE';
    await until(isPaid, { what: 'the payout is complete', timeoutMs: 10_000 });
    const { transactionId } = await status();
    const sendCallback = (change: Record<string, unknown>) =>
      post(`${publicUrl}/callbacks`, sign(payoutFields(change)));

    await sendCallback({ mchOrderId, transactionId, amount: 20_000 });
    await untilPrinted(/state +succeeded/, mchOrderId);
    expect(await where(mchOrderId, '--ask')).toMatch(
      /PayCools says: succeeded, 200\.00\nreceived here: succeeded, 200\.00\nBoth agree\./,
    );
    await sendCallback({ mchOrderId: 'NOT-THEIRS', transactionId: 'D-not-theirs' });
    await untilPrinted(/state +succeeded/, 'NOT-THEIRS');
    expect(await where('NOT-THEIRS', '--ask')).toContain('PayCools does not know it.');
  }, 60_000);

  it('shows every attempt of a consumer, and so does the console', async () => {
    const { publicUrl, opsUrl, namespace, untilPrinted, where } = await startWith();
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
    await untilPrinted(/the accounts are closed/, 'ORDER-1');
    expect(await where('ORDER-1')).toMatch(/ttempt 1.*the accounts are closed/);
    const page = await (await fetch(`${opsUrl}/console/payments/D1`)).text();
    expect(page).toMatch(/ttempt 1[\s\S]*the accounts are closed/);
  }, 60_000);
});
