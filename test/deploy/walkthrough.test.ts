import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/process.ts';
import { SECRET, untilReady } from '../support/service.ts';
import { until } from '../support/until.ts';
import { type ComposeRedis, startComposeRedis } from './compose-redis.ts';
import { readDockerfile, readYaml } from './read.ts';

type Compose = {
  readonly services: Readonly<
    Record<'sandbox' | 'sample-worker', { readonly command: readonly string[]; readonly environment: object }>
  >;
};

const { sandbox, 'sample-worker': worker } = readYaml<Compose>('docker-compose.yml').services;
const page = readFileSync('docs/deployment.md', 'utf8');
const [, payoutCommand = ''] =
  /^docker compose exec sandbox (paycools api payout\.create [\s\S]*?)\n\n?(?:```|docker)/m.exec(page) ?? [];
const [, command = ''] = /^(\[.*\])$/.exec(readDockerfile().findLast(({ name }) => name === 'CMD')?.rest ?? '') ?? [];

/** What the containers of the compose file run, on this machine: its addresses and folders are put in. */
const startComposed = async (redis: ComposeRedis) => {
  const [port, opsPort, sandboxPort] = [await freePort(), await freePort(), await freePort()].map(String);
  const urlFile = join(redis.secrets, 'redis-url-here');
  writeFileSync(urlFile, `${redis.url}\n`);
  const here = (text: string): string =>
    text
      .replace('http://receiver:8080', `http://127.0.0.1:${port}`)
      .replace(':8090', `:${sandboxPort}`)
      .replace('/run/paycools/redis-url', urlFile)
      .replace('/run/paycools', redis.secrets)
      .replace(/^sample-worker\.mjs$/, 'docker/sample-worker.mjs');
  const hereAll = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, here(String(value))]));
  const secret = { PAYCOOLS_CALLBACK_SECRET: SECRET };
  const [, ...args] = JSON.parse(command) as string[];
  const receiver = run({
    command: process.execPath,
    args,
    env: {
      ...secret,
      REDIS_URL_FILE: urlFile,
      SPOOL_DIR: resolve(temporaryFolder()),
      HOST: '127.0.0.1',
      PORT: port ?? '',
      OPS_PORT: opsPort ?? '',
    },
  });
  await receiver.line(/"msg":"listening"/);
  const ops = `http://127.0.0.1:${opsPort}`;
  await untilReady(ops);
  const [, ...workerArgs] = worker.command.map(here);
  const working = run({ command: process.execPath, args: workerArgs, env: hereAll(worker.environment) });
  await working.line(/^waits for events$/);
  const [, ...sandboxArgs] = sandbox.command.map(here);
  const sandboxEnv = { ...hereAll(sandbox.environment), ...secret };
  const paycools = ['dist/cli/main.js'];
  const playing = run({
    command: process.execPath,
    args: [...paycools, ...sandboxArgs, '--port', sandboxPort ?? ''],
    env: sandboxEnv,
  });
  await playing.line(/^http:/);
  const typed = (line: string): unknown => {
    const text = line.replace(/^paycools/, `${process.execPath} ${paycools}`);
    const ran = spawnSync('bash', ['-c', text], { encoding: 'utf8', env: { ...process.env, ...sandboxEnv } });
    return ran.status === 0 ? JSON.parse(ran.stdout) : ran.stderr;
  };
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${ops}/metrics`)).text();
    return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  };
  return { receiver, working, typed, metric };
};

describe('the walk through docs/deployment.md', () => {
  it('shows a payment that is consumed, Redis killed, the spool take over, and all of it come back', async () => {
    const redis = await startComposeRedis();
    const { receiver, working, typed, metric } = await startComposed(redis);
    expect(typed(payoutCommand)).toMatchObject({ transactionId: expect.any(String) });
    await working.line(/^consumed com\.paycools\.payout\.succeeded PHP 1500\.00 /);
    expect([await metric('paycools_redis_up'), await metric('paycools_durability_ok')]).toEqual([1, 1]);

    await redis.kill();
    await until(async () => (await metric('paycools_redis_up')) === 0, { what: 'Redis is missed', timeoutMs: 10_000 });
    expect(typed(payoutCommand.replaceAll('DEMO000001', 'DEMO000002'))).toMatchObject({
      transactionId: expect.any(String),
    });
    await until(async () => (await metric('paycools_spool_events')) === 1, {
      what: 'it is spooled',
      timeoutMs: 10_000,
    });

    await redis.start();
    await until(async () => (await metric('paycools_spool_events')) === 0, { what: 'it is back', timeoutMs: 20_000 });
    await until(async () => working.lines.filter((line) => line.startsWith('consumed')).length === 2, {
      what: 'the worker has it',
      timeoutMs: 20_000,
    });
    receiver.child.kill('SIGTERM');
    working.child.kill('SIGTERM');
    expect(await Promise.all([receiver.ended, working.ended])).toEqual([0, 0]);
  }, 90_000);
});
