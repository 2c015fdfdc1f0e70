// `npm run dev`: the whole thing on one machine. A Redis, the service, a sandbox PayCools, a sample worker, and genuine
// callbacks that go through all of it. Everything stays up until Ctrl-C.
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '../core/secret.ts';
import { startChild } from './child.ts';
import { startDevSandbox } from './dev-sandbox.ts';
import { startRedis } from './redis-server.ts';
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

const openRedis = async (stack: AsyncDisposableStack): Promise<string> => {
  const redis = stack.use(await startRedis({ dataDir: '.data/redis', say: (sentence) => say('redis', sentence) }));
  say('redis', `${redis.url}  appendonly yes, appendfsync always, data in .data/redis`);
  return redis.url;
};

const run = async (stopped: Promise<unknown>): Promise<void> => {
  await using stack = new AsyncDisposableStack();
  const given = { ...DEFAULTS, ...process.env };
  const env = { ...given, REDIS_URL: process.env['REDIS_URL'] ?? (await openRedis(stack)) };
  const baseUrl = `http://127.0.0.1:${env.PORT}`;
  const opsUrl = `http://127.0.0.1:${env.OPS_PORT}`;
  const callbackSecret = new Secret(env.PAYCOOLS_CALLBACK_SECRET);
  const port = Number(env.SANDBOX_PORT);
  const redisUrl = env.REDIS_URL;
  const { sandbox, client } = await startDevSandbox({
    port,
    callbackUrl: `${baseUrl}/callbacks`,
    callbackSecret,
    redisUrl,
  });
  stack.use(sandbox);
  say('sandbox', `${sandbox.url}  a PayCools that answers every call and calls back`);
  const service = stack.use(
    startChild({ name: 'service', script: 'src/main.ts', env, onLine: (line) => say('service', showLogLine(line)) }),
  );
  const worker = stack.use(
    startChild({ name: 'worker', script: 'src/dev/sample-worker.ts', env, onLine: (line) => say('worker', line) }),
  );
  const show = async (): Promise<void> => {
    await untilReady(`${opsUrl}/readyz`);
    await sendExamples(baseUrl, callbackSecret);
    await createPayout(client);
    await sandbox.settled();
    say('', `Up. Callbacks: ${baseUrl}/callbacks/{product}   Operations: ${opsUrl}   Sandbox: ${sandbox.url}`);
    say('', `Console: ${opsUrl}/console`);
    say('', 'Call the sandbox: npm run -s paycools -- api account.balance');
    say('', 'Ctrl-C stops everything.');
    await stopped;
  };
  await Promise.race([stopped, service.ended, worker.ended, show()]);
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
