import { createPublicKey } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generateMerchantKeyPair } from '../../src/client/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { run } from '../support/process.ts';
import { paycools } from './support.ts';

const payout = {
  mchOrderId: 'CLI1',
  idempotencyId: 'CLI0000001',
  appName: 'Shop',
  amount: '150000',
  accountNo: '09171234567',
  accountName: 'Juan Dela Cruz',
  payMethodCode: 'EWALLET',
  ewalletCode: 'GCASH',
};
const words = (fields: Record<string, string>): string[] =>
  Object.entries(fields).flatMap(([name, value]) => [`--${name}`, value]);

const withSandbox = async () => {
  const pair = await generateMerchantKeyPair();
  const sandbox = await startSandbox({ appId: 'app', publicKey: pair.publicKey, callbackSecret: 's' });
  onTestFinished(() => sandbox[Symbol.asyncDispose]());
  const env = {
    PAYCOOLS_BASE_URL: sandbox.url,
    PAYCOOLS_APP_ID: 'app',
    PAYCOOLS_PRIVATE_KEY: pair.privateKey.reveal(),
  };
  return { sandbox, env };
};

describe('paycools', () => {
  it.each([[[]], [['nonsense']], [['api']], [['keys', 'generate', '--bits', '7']], [['sandbox', '--lost', '2']]])(
    'exits with 2 and says why when called as %j',
    async (given) => {
      const { code, out, err } = await paycools(given);
      expect([code, out]).toEqual([2, '']);
      expect(err).not.toBe('');
    },
  );

  it.each([['--help'], ['api --help'], ['keys generate --help'], ['sandbox --help'], ['--version']])(
    'answers %s',
    async (line) => {
      const { code, out } = await paycools(line.split(' '));
      expect(code).toBe(0);
      expect(out).not.toBe('');
    },
  );

  it('shows examples in the help of every command', async () => {
    const helps = await Promise.all(
      ['api', 'keys generate', 'sandbox'].map((it) => paycools([...it.split(' '), '--help'])),
    );
    expect(helps.every(({ out }) => out.includes('Example'))).toBe(true);
  });

  it('runs as a process, and exits with 0 when its reader goes away', async () => {
    const script = 'node src/cli/main.ts api --help | head -n 1; echo "${PIPESTATUS[0]}"';
    const shell = run({ command: 'bash', args: ['-c', script] });
    expect(await shell.ended).toBe(0);
    expect(shell.lines).toEqual(['Usage: paycools api [options] <call>', '0']);
  });
});

describe('paycools api', () => {
  it('calls any method, with fields as PayCools names them, and prints its result', async () => {
    const { env } = await withSandbox();
    const created = await paycools(['api', 'payout.create', ...words(payout), '--json'], { env });
    expect([created.code, created.err]).toEqual([0, '']);
    const { transactionId } = JSON.parse(created.out) as { transactionId: string };
    const status = await paycools(['api', 'payout.status', '--mchOrderId=CLI1'], { env });
    expect(JSON.parse(status.out)).toMatchObject({ transactionId, amount: 150_000, transactionStatus: 'COMPLETE' });
  });

  it('takes a whole request as JSON, from a file or from standard input', async () => {
    const { env } = await withSandbox();
    const input = JSON.stringify({ ...payout, amount: 150_000 });
    expect(await paycools(['api', 'payout.create', '--body', '-'], { env, input })).toMatchObject({ code: 0 });
    expect(await paycools(['api', 'payout.create', '--body', 'nowhere.json'], { env })).toMatchObject({ code: 1 });
    expect(await paycools(['api', 'payout.create', '--body', '-'], { env, input: '{' })).toMatchObject({ code: 2 });
  });

  it('prints a statement as one array, row by row', async () => {
    const { env, sandbox } = await withSandbox();
    await paycools(['api', 'payout.create', ...words(payout)], { env });
    await sandbox.settled();
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Manila' });
    const { out } = await paycools(['api', 'account.payoutStatement', '--createDate', today], { env });
    expect(JSON.parse(out)).toMatchObject([{ merchantOrderId: 'CLI1', amount: 150_000 }]);
    const none = await paycools(['api', 'account.payoutStatement', '--createDate', '2020-01-01'], { env });
    expect(JSON.parse(none.out)).toEqual([]);
  });

  it('reports the code of an error on stderr, and exits with 1', async () => {
    const { env } = await withSandbox();
    const plain = await paycools(['api', 'payout.status', '--mchOrderId', 'NONE'], { env });
    expect([plain.code, plain.out]).toEqual([1, '']);
    expect(plain.err).toContain('code 1008');
    const json = await paycools(['api', 'payout.status', '--mchOrderId', 'NONE', '--json'], { env });
    expect(JSON.parse(json.err)).toMatchObject({ error: { code: 1008, kind: 'not-found', retryable: false } });
  });

  it.each([
    [['api', 'payout.nothing'], 'payout.nothing is not a call'],
    [['api', 'payout.status', 'X'], 'X is not a field'],
    [['api', 'payout.status', '--mchOrderId'], '--mchOrderId has no value'],
    [['api', 'payout.create', ...words({ ...payout, amount: 'much' })], 'amount'],
  ])('refuses %j', async (given, sentence) => {
    const { env } = await withSandbox();
    const { code, err } = await paycools(given, { env });
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });

  it('names everything of its configuration that is missing, at once', async () => {
    const { code, err } = await paycools(['api', 'account.balance']);
    expect(code).toBe(1);
    expect(err).toBe('PAYCOOLS_BASE_URL is missing\nPAYCOOLS_APP_ID is missing\nPAYCOOLS_PRIVATE_KEY is missing\n');
  });

  it('never shows the private key', async () => {
    const env = { PAYCOOLS_BASE_URL: 'http://127.0.0.1:1', PAYCOOLS_APP_ID: 'a', PAYCOOLS_PRIVATE_KEY: 'hush' };
    expect(JSON.stringify(await paycools(['api', 'account.balance', '--json'], { env }))).not.toContain('hush');
  });
});

describe('paycools keys generate', () => {
  it('prints the private key, and says what to paste into the back office', async () => {
    const { out, err, code } = await paycools(['keys', 'generate']);
    expect(code).toBe(0);
    expect(out).toMatch(/^-----BEGIN PRIVATE KEY-----[\s\S]*-----END PRIVATE KEY-----\n[A-Za-z0-9+/=]+\n$/);
    expect(err).toContain('PAYCOOLS_PRIVATE_KEY_FILE');
    expect(err).toContain('back office');
  });

  it('prints a pair that belongs together', async () => {
    const { out } = await paycools(['keys', 'generate', '--json', '--bits', '3072']);
    const { privateKey, publicKey } = JSON.parse(out) as Record<string, string>;
    expect(createPublicKey(privateKey ?? '').export({ format: 'pem', type: 'spki' })).toBe(publicKey);
    expect(createPublicKey(publicKey ?? '').asymmetricKeyDetails?.modulusLength).toBe(3072);
  });
});

describe('paycools sandbox', () => {
  it('answers calls signed with the configured key until it is stopped', async () => {
    const pair = await generateMerchantKeyPair();
    const keys = { PAYCOOLS_PRIVATE_KEY: pair.privateKey.reveal(), PAYCOOLS_CALLBACK_SECRET: 's' };
    const stop = Promise.withResolvers<void>();
    const listening = Promise.withResolvers<string>();
    const given = ['sandbox', '--port', '0', '--app-id', 'app'];
    const running = paycools(given, { env: keys, stopped: stop.promise, onOut: listening.resolve });
    const env = { ...keys, PAYCOOLS_BASE_URL: (await listening.promise).trim(), PAYCOOLS_APP_ID: 'app' };
    const balance = await paycools(['api', 'account.balance'], { env });
    expect(JSON.parse(balance.out)).toEqual({ balance: 100_000_000 });
    stop.resolve();
    expect(await running).toMatchObject({ code: 0 });
  });

  it('needs a callback secret', async () => {
    expect(await paycools(['sandbox', '--port', '0'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('PAYCOOLS_CALLBACK_SECRET'),
    });
  });
});
