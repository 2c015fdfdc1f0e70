import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { exampleCall } from '../../src/cli/call-help.ts';
import { convertTexts, findParameterProblems } from '../../src/client/check-parameters.ts';
import { describeFields } from '../../src/client/describe-fields.ts';
import { endpointList, generateMerchantKeyPair } from '../../src/client/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { disposeWithTest } from '../support/dispose.ts';
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
  const sandbox = disposeWithTest(await startSandbox({ appId: 'app', publicKey: pair.publicKey, callbackSecret: 's' }));
  const env = {
    PAYCOOLS_BASE_URL: sandbox.url,
    PAYCOOLS_APP_ID: 'app',
    PAYCOOLS_PRIVATE_KEY: pair.privateKey.reveal(),
  };
  return { sandbox, env };
};

describe('paycools api', () => {
  it("calls any method with PayCools's fields and prints its result", async () => {
    const { env } = await withSandbox();
    const created = await paycools(['api', 'payout.create', ...words(payout), '--json'], { env });
    expect([created.code, created.err]).toEqual([0, '']);
    const { transactionId } = JSON.parse(created.out) as { transactionId: string };
    const status = await paycools(['api', 'payout.status', '--mchOrderId=CLI1'], { env });
    expect(JSON.parse(status.out)).toMatchObject({ transactionId, amount: 150_000, transactionStatus: 'COMPLETE' });
  });

  it('reads a whole request as JSON from a file or standard input', async () => {
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

  it('reports the code of an error on stderr and exits with 1', async () => {
    const { env } = await withSandbox();
    const plain = await paycools(['api', 'payout.status', '--mchOrderId', 'NONE'], { env });
    expect([plain.code, plain.out]).toEqual([1, '']);
    expect(plain.err).toContain('code 1008');
    const json = await paycools(['api', 'payout.status', '--mchOrderId', 'NONE', '--json'], { env });
    expect(JSON.parse(json.err)).toMatchObject({ error: { code: 1008, kind: 'not-found', retryable: false } });
  });

  it.each([
    [['api', 'payout.nothing'], 'payout.nothing is not a PayCools call'],
    [['api', 'payout.status', 'X'], 'X is not a field'],
    [['api', 'payout.status', '--mchOrderId'], '--mchOrderId has no value'],
    [['api', 'payout.create', ...words({ ...payout, amount: '10.50' })], 'amount'],
    [['api', 'payout.create', '--body', '-'], 'payout.create: 6 problems'],
  ])('refuses %j', async (given, sentence) => {
    const { env } = await withSandbox();
    const { code, err } = await paycools(given, { env, input: '{}' });
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });

  it('names all missing variables at once', async () => {
    const { code, err } = await paycools(['api', 'account.balance']);
    expect(code).toBe(1);
    expect(err).toBe('PAYCOOLS_BASE_URL is missing\nPAYCOOLS_APP_ID is missing\nPAYCOOLS_PRIVATE_KEY is missing\n');
  });

  it('never shows the private key', async () => {
    const env = { PAYCOOLS_BASE_URL: 'http://127.0.0.1:1', PAYCOOLS_APP_ID: 'a', PAYCOOLS_PRIVATE_KEY: 'hush' };
    expect(JSON.stringify(await paycools(['api', 'account.balance', '--json'], { env }))).not.toContain('hush');
  });

  it('reports all wrong fields at once, with their values and what is expected', async () => {
    const given = ['--amount', '10.50', '--mchOrder', 'X', '--idempotencyId', 'short', '--payMethodCode', 'CASH'];
    const { code, err } = await paycools(['api', 'payout.create', ...given]);
    expect([code, err.split('\n')]).toEqual([
      2,
      [
        'payout.create: 7 problems, nothing was sent',
        '  mchOrderId             is missing: text of at most 32 characters',
        '  idempotencyId          is "short", but must be 10 to 30 letters and digits',
        '  amount                 is "10.50", but must be whole centavos from 100 to 500,000,000 (PHP 10.50 is 1050)',
        "  accountName            is missing: 1 to 30 letters, spaces, ', . and -",
        '  payMethodCode          is "CASH", but must be BANK or EWALLET',
        '  accountNo              is missing: text, or 09 and nine digits',
        '  mchOrder               is not a field of payout.create (did you mean mchOrderId?)',
        '`paycools api payout.create --help` lists the fields.',
        '',
      ],
    ]);
  });

  it.each([
    [{ payMethodCode: 'BANK' }, 'bankCode               is missing'],
    [
      { payMethodCode: 'BANK', ewalletCode: 'GCASH' },
      'does not fit the other fields: it can only be used with payMethodCode EWALLET',
    ],
  ])('asks for the fields of the form that %j selects', async (fields, sentence) => {
    const { err } = await paycools(['api', 'payout.create', ...words(fields)]);
    expect(err).toContain(sentence);
  });

  it('asks for one of two fields if a call takes either', async () => {
    const none = await paycools(['api', 'account.paymentStatement']);
    expect(none.err).toContain('createDate or completeDate is missing: a day, yyyy-MM-dd');
    const day = '2026-11-23';
    const both = await paycools(['api', 'account.paymentStatement', '--createDate', day, '--completeDate', day]);
    expect(both.err).toContain('it can only be used instead of createDate');
  });

  it('names the address that refuses the connection', async () => {
    const { env } = await withSandbox();
    const PAYCOOLS_BASE_URL = `http://127.0.0.1:${await freePort()}`;
    const { code, err } = await paycools(['api', 'account.balance'], { env: { ...env, PAYCOOLS_BASE_URL } });
    expect(code).toBe(1);
    expect(err).toContain(`${PAYCOOLS_BASE_URL} refuses the connection: is \`npm run dev\` running?`);
  });

  it.each(endpointList)('lists every field that $call needs in its help, with a valid example', async ({ call }) => {
    const { code, out } = await paycools(['api', call, '--help']);
    expect(code).toBe(0);
    for (const { name } of describeFields(call)) expect(out).toContain(`--${name}`);
    const example = exampleCall(call);
    expect(out).toContain(example);
    const fields = [...example.matchAll(/--(\w+) (?:'([^']*)'|(\S+))/g)];
    const texts = Object.fromEntries(fields.map(([, name, quoted, plain]) => [name, quoted ?? plain ?? '']));
    expect(findParameterProblems(call, convertTexts(call, texts))).toEqual([]);
  });

  it('explains the unit of amounts in the help of a call', async () => {
    const { out } = await paycools(['api', 'payout.create', '--help']);
    expect(out).toMatch(/^ {2}--amount +whole centavos from 100 to 500,000,000\. PHP 500\.10 is 50010\.$/m);
    expect(out).toContain('Centavos: PHP 3,125.00 is 312500.');
  });
});
