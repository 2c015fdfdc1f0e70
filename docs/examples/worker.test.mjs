// Tests worker.mjs as it will run: the sandbox makes a payout, the service gets its callback, the worker its event.
// Needs a Redis at REDIS_URL, and Node.js 24 for the service. Run it with: node --test
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { createPaycoolsClient, generateMerchantKeyPair } from 'paycools-webhooks/client';
import { startSandbox } from 'paycools-webhooks/sandbox';

const callbackSecret = 'a secret for tests';
const environment = {
  ...process.env,
  QUEUE_PREFIX: `test-${randomUUID()}`, // separate from everything else in this Redis
  DURABILITY: 'none',
  SPOOL_DIR: 'off',
  HOST: '127.0.0.1',
  PORT: '0',
  OPS_PORT: '0',
  PAYCOOLS_CALLBACK_SECRET: callbackSecret,
};
const children = [];
let sandbox, paycools, worker;

/** Starts a program; returns a function that waits for a line of its output. */
const start = (script) => {
  const child = spawn(process.execPath, [script], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines = [];
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const closed = once(output, 'close').then(() => assert.fail(`${script} ended:\n${lines.join('\n')}`));
  closed.catch(() => undefined);
  return async (pattern) => {
    while (!lines.some((line) => pattern.test(line))) await Promise.race([once(output, 'line'), closed]);
    return lines.find((line) => pattern.test(line));
  };
};

const payOut = (mchOrderId, amount) =>
  paycools.payout.create({
    mchOrderId,
    idempotencyId: mchOrderId,
    amount, // centavos
    accountNo: '09171234567',
    accountName: 'Juan Dela Cruz',
    payMethodCode: 'EWALLET',
    ewalletCode: 'GCASH',
  });

before(async () => {
  const service = start('node_modules/paycools-webhooks/dist/main.js');
  const { publicUrl, opsUrl } = JSON.parse(await service(/"msg":"listening"/));
  const { privateKey, publicKey } = await generateMerchantKeyPair();
  sandbox = await startSandbox({ appId: 'test', publicKey, callbackSecret, callbackUrl: `${publicUrl}/callbacks` });
  paycools = createPaycoolsClient({ baseUrl: sandbox.url, appId: 'test', appName: 'Test', privateKey });
  while (!(await fetch(`${opsUrl}/readyz`)).ok);
  worker = start('worker.mjs');
  await worker(/^waits for events$/);
});

after(async () => {
  for (const child of children) child.kill();
  await sandbox?.[Symbol.asyncDispose]();
});

test('prints that an order was paid', { timeout: 10_000 }, async () => {
  await payOut('ORDER00001', 150_000);
  assert.equal(await worker(/ORDER00001/), 'order ORDER00001: paid 1500.00');
});

test('prints why the payout of an order failed', { timeout: 10_000 }, async () => {
  await payOut('ORDER00002', 150_001); // in the sandbox, amounts ending in .01 fail
  assert.equal(await worker(/ORDER00002/), 'order ORDER00002: failed, channel-rejected');
});
