import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { payoutFields, post, sign, verificationFields } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/process.ts';
import { startTestService } from '../support/service.ts';

const hasPythonBullmq = spawnSync('python3', ['-c', 'import bullmq']).status === 0;

/** A merchant's project with some examples and this package, as npm would install it. */
const projectWith = (...examples: readonly string[]): string => {
  const folder = temporaryFolder();
  const installed = join(folder, 'node_modules', 'paycools-webhooks');
  mkdirSync(installed, { recursive: true });
  cpSync('package.json', join(installed, 'package.json'));
  symlinkSync(resolve('dist'), join(installed, 'dist'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const example of examples) cpSync(join('docs/examples', example), join(folder, example));
  return folder;
};

const start = async (command: string, example: string) => {
  const service = await startTestService({ env: { VERIFICATION_TIMEOUT_MS: '5000' } });
  const { url, prefix } = service.namespace;
  const env = { REDIS_URL: url, QUEUE_PREFIX: prefix };
  const worker = run({ command, args: [join(projectWith(example), example)], env });
  await worker.line(/^waits for/);
  const send = (fields: Record<string, unknown>) => post(`${service.publicUrl}/callbacks`, sign(fields));
  return { ...worker, send };
};

const failed = {
  transactionId: 'D2',
  eventName: 'disbursement.failed',
  transactionStatus: 'FAILED',
  failedCode: -10001,
};

describe('the example', () => {
  it('worker.ts handles payouts and stops on SIGTERM', async () => {
    const { send, line, child, ended } = await start(process.execPath, 'worker.ts');
    await send(payoutFields());
    await line(/^paid 3125\.00 for order CQPL1653961082230623$/);
    await send(payoutFields(failed));
    await line(/failed: exceed-limit$/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('worker.mjs handles payouts and stops on SIGTERM', async () => {
    const { send, line, child, ended } = await start(process.execPath, 'worker.mjs');
    await send(payoutFields());
    await line(/^order CQPL1653961082230623: paid 3125\.00$/);
    await send(payoutFields(failed));
    await line(/^order CQPL1653961082230623: failed, exceed-limit$/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('worker.test.mjs tests worker.mjs with the sandbox', () => {
    const cwd = projectWith('worker.mjs', 'worker.test.mjs');
    const env = { ...process.env, REDIS_URL: inject('redisUrl') };
    const { status, stdout } = spawnSync(process.execPath, ['--test'], { cwd, env, encoding: 'utf8' });
    expect(stdout).toMatch(/^. pass 2$/m);
    expect(status).toBe(0);
  });

  it('forward.mjs forwards a callback unchanged and returns the reply', async () => {
    const { publicUrl } = await startTestService();
    const { forward } = (await import(resolve('docs/examples/forward.mjs'))) as {
      forward: (url: string, body: Uint8Array) => Promise<{ status: number; body: string }>;
    };
    const spaced = Buffer.from(sign(payoutFields()).replace('{', '{  '));
    expect(await forward(`${publicUrl}/callbacks/payout`, spaced)).toEqual({
      status: 200,
      body: '{"code":1,"msg":"success","data":{}}',
    });
    expect((await forward(`${publicUrl}/callbacks/payout`, Buffer.from('{}'))).status).toBe(401);
  });

  it('answer-verification.ts answers payment verifications', async () => {
    const { send } = await start(process.execPath, 'answer-verification.ts');
    expect((await send(verificationFields({ amount: 100 }))).body).toBe('{"code":2000,"msg":"Success"}');
    expect((await send(verificationFields({ amount: 2_000_000 }))).body).toBe(
      '{"code":1002,"msg":"Amount exceeds the limit"}',
    );
  });

  it.runIf(hasPythonBullmq)("worker.py handles payouts (runs where Python's bullmq is installed)", async () => {
    const { send, line, child, ended } = await start('python3', 'worker.py');
    await send(payoutFields());
    await line(/^com\.paycools\.payout\.succeeded D1032653961082864323$/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
