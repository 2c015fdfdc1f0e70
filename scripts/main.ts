// `npm run dev`: the whole system on one machine. A Redis, the service, a sandbox PayCools, a sample worker, and genuine
// callbacks that go through all of it. With `--no-worker` the queues are left to a worker of your own.
// Everything stays up until Ctrl-C.
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Secret } from '../src/core/secret.ts';
import { type Child, startChild } from './child.ts';
import { ENV_FILE, startDevSandbox } from './dev-sandbox.ts';
import { isFree, startRedis } from './redis-server.ts';
import { say, showLogLine } from './terminal.ts';
import { createPayout, sendExamples } from './traffic.ts';

const READY_TIMEOUT_MS = 20_000;
const DEFAULTS = {
  PAYCOOLS_CALLBACK_SECRET: 'paycools-dev-secret',
  PORT: '8080',
  OPS_PORT: '8081',
  SANDBOX_PORT: '8090',
};

const untilReady = async (url: string): Promise<void> => {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok === true) return;
    if (Date.now() > deadline)
      throw new Error(`The service is not ready: ${answer ? await answer.text() : 'no answer'}`);
    await sleep(100);
  }
};

/** Checked before anything starts: the Redis of an earlier run would be stopped by this one (see redis-server.ts). */
const requireFreePorts = async (env: Readonly<Record<keyof typeof DEFAULTS, string>>): Promise<void> => {
  for (const name of ['PORT', 'OPS_PORT', 'SANDBOX_PORT'] as const) {
    if (await isFree(Number(env[name]))) continue;
    throw new Error(`Port ${env[name]} is taken, perhaps by another \`npm run dev\`: end that, or set ${name}.`);
  }
};

const openRedis = async (stack: AsyncDisposableStack): Promise<string> => {
  const redis = stack.use(await startRedis({ dataDir: '.data/redis', say: (sentence) => say('redis', sentence) }));
  say('redis', `${redis.url}  appendonly yes, appendfsync always, data in .data/redis`);
  return redis.url;
};

const openSandbox = async (stack: AsyncDisposableStack, options: Parameters<typeof startDevSandbox>[0]) => {
  const dev = await startDevSandbox(options);
  stack.use(dev.sandbox);
  say('sandbox', `${dev.sandbox.url}  a PayCools that answers every call and calls back`);
  return dev;
};

const startService = (env: NodeJS.ProcessEnv): Child =>
  startChild({ name: 'service', script: 'src/main.ts', env, onLine: (line) => say('service', showLogLine(line)) });

const startWorker = (env: NodeJS.ProcessEnv): Child =>
  startChild({ name: 'worker', script: 'scripts/sample-worker.ts', env, onLine: (line) => say('worker', line) });

const run = async (stopped: Promise<unknown>): Promise<void> => {
  const { values } = parseArgs({ options: { 'no-worker': { type: 'boolean', default: false } } });
  const given = { ...DEFAULTS, ...process.env };
  await requireFreePorts(given);
  await using stack = new AsyncDisposableStack();
  const env = { ...given, REDIS_URL: process.env['REDIS_URL'] ?? (await openRedis(stack)) };
  const baseUrl = `http://127.0.0.1:${env.PORT}`;
  const opsUrl = `http://127.0.0.1:${env.OPS_PORT}`;
  const callbackSecret = new Secret(env.PAYCOOLS_CALLBACK_SECRET);
  const { sandbox, client } = await openSandbox(stack, {
    port: Number(env.SANDBOX_PORT),
    callbackUrl: `${baseUrl}/callbacks`,
    callbackSecret,
    redisUrl: env.REDIS_URL,
  });
  const service = stack.use(startService(env));
  const worker = values['no-worker'] ? null : stack.use(startWorker(env));
  const show = async (): Promise<void> => {
    await untilReady(`${opsUrl}/readyz`);
    if (worker !== null) {
      await sendExamples(baseUrl, callbackSecret);
      await createPayout(client);
      await sandbox.settled();
    }
    say('', `Up. Callbacks: ${baseUrl}/callbacks/{product}   Operations: ${opsUrl}   Sandbox: ${sandbox.url}`);
    say('', `Console: ${opsUrl}/console`);
    if (worker === null) say('', `Your worker: node --env-file=${resolve(ENV_FILE)} worker.mjs`);
    say('', 'Call the sandbox: npm run -s paycools -- api account.balance');
    say('', 'Ctrl-C stops everything.');
    await stopped;
  };
  await Promise.race([stopped, service.ended, show(), ...(worker === null ? [] : [worker.ended])]);
};

// Ctrl-C reaches the children too, and `npm` passes signals on a second time: the first one counts, the rest do not.
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
});
try {
  await run(stopped);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
