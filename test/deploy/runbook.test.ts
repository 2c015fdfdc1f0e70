import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiEnv, sandboxWith } from '../sandbox/support.ts';
import { payoutFields, post, postPayout, sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { SECRET } from '../support/service.ts';
import { shell } from './commands.ts';
import { startComposeRedis } from './compose-redis.ts';
import { hasRedisCli, startReceiver } from './drill-support.ts';

const page = readFileSync('docs/operations.md', 'utf8');
const blocks = [...page.matchAll(/^### Paycools\w+\n\n```sh\n([\s\S]*?)```/gm)].map(([, block = '']) => block);
/** Every command of the runbook except those of Docker and Kubernetes. */
const commands = new Set(
  blocks.flatMap((block) => block.split('\n')).filter((line) => line !== '' && !/^(docker|kubectl) /.test(line)),
);

/** Starts a receiver, sends it a payout, a forged callback and a misdirected one. Returns an operator's environment. */
const startReceiverForOperator = async (): Promise<Record<string, string>> => {
  const redis = await startComposeRedis();
  const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET }));
  const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, ...apiEnv(sandbox.url) };
  const { publicUrl, opsUrl } = await startReceiver(redis.url, env);
  const forged = sign(payoutFields(), 'another-secret');
  expect((await postPayout(publicUrl)).status).toBe(200);
  expect((await post(`${publicUrl}/callbacks/payout`, forged)).status).toBe(401);
  expect((await post(`${publicUrl}/nowhere`, forged)).status).toBe(404);
  const folder = resolve(temporaryFolder());
  writeFileSync(join(folder, 'captured.json'), forged);
  const ports = { PORT: new URL(publicUrl).port, OPS_PORT: new URL(opsUrl).port };
  return { ...env, ...ports, REDIS_URL: redis.url, OPS: opsUrl, PUBLIC: publicUrl, FOLDER: folder };
};

describe.runIf(hasRedisCli)('the runbook of docs/operations.md (runs where redis-cli is installed)', () => {
  it('has only commands that work as written', async () => {
    const env = await startReceiverForOperator();
    const paycools = `paycools() { "${process.execPath}" "${resolve('src/cli/main.ts')}" "$@"; }`;
    const failures: string[] = [];
    for (const command of commands) {
      // Our own commands exit with 1 when there is something to do.
      const accepted = command.startsWith('paycools') ? '|| [ $? -eq 1 ]' : '';
      const script = `${paycools}\ncd "$FOLDER"\n${command} ${accepted}`;
      await shell(script, env).catch((error: Error) => failures.push(error.message));
    }
    expect(failures).toEqual([]);
    expect(commands.size).toBeGreaterThan(12);
  }, 120_000);
});
