// `npm run dev`: the whole thing on one machine. A Redis, the service, a sample worker, and genuine callbacks that go
// through all of it. Everything stays up until Ctrl-C.
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '../core/secret.ts';
import { products } from '../products/registry.ts';
import { signCallback } from '../verify/callback.ts';
import { startChild } from './child.ts';
import { freshExample } from './fresh-example.ts';
import { startRedis } from './redis-server.ts';
import { say, showLogLine } from './terminal.ts';

const READY_TIMEOUT_MS = 20_000;
const DEV_SECRET = 'paycools-dev-secret';

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

const post = async (url: string, body: string): Promise<string> => {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return `${answer.status} ${await answer.text()}`;
};

/** Sends one callback of every kind of news, about something new each, and the first of them a second time. */
const sendExamples = async (baseUrl: string, secret: Secret): Promise<void> => {
  const mark = Date.now().toString(36);
  const examples = products.flatMap(({ product, notifications, questions }) => [
    ...notifications.flatMap((it) => it.examples.slice(0, 1).map(({ fields }) => ({ product, fields }))),
    ...questions.map(({ example }) => ({ product, fields: example })),
  ]);
  const bodies = examples.map(({ product, fields }, index) => ({
    url: `${baseUrl}/callbacks/${product}`,
    name: `${fields['eventName'] ?? product}`,
    body: signCallback(freshExample(fields, `${mark}${index}`), secret),
  }));
  for (const { url, name, body } of bodies) say('paycools', `${name}  →  ${await post(url, body)}`);
  const [first] = bodies;
  if (first !== undefined) say('paycools', `${first.name} again  →  ${await post(first.url, first.body)}`);
};

const run = async (stopped: Promise<unknown>): Promise<void> => {
  await using stack = new AsyncDisposableStack();
  const env = { ...process.env };
  env['PAYCOOLS_CALLBACK_SECRET'] ??= DEV_SECRET;
  env['PORT'] ??= '8080';
  env['OPS_PORT'] ??= '8081';
  if (env['REDIS_URL'] === undefined) {
    const redis = stack.use(await startRedis({ dataDir: '.data/redis', say: (sentence) => say('redis', sentence) }));
    env['REDIS_URL'] = redis.url;
    say('redis', `${redis.url}  appendonly yes, appendfsync always, data in .data/redis`);
  }
  const service = stack.use(
    startChild({ name: 'service', script: 'src/main.ts', env, onLine: (line) => say('service', showLogLine(line)) }),
  );
  const worker = stack.use(
    startChild({ name: 'worker', script: 'src/dev/sample-worker.ts', env, onLine: (line) => say('worker', line) }),
  );
  const show = async (): Promise<void> => {
    const baseUrl = `http://127.0.0.1:${env['PORT']}`;
    await untilReady(`http://127.0.0.1:${env['OPS_PORT']}/readyz`);
    await sendExamples(baseUrl, new Secret(env['PAYCOOLS_CALLBACK_SECRET'] ?? DEV_SECRET));
    say('', `Up. Callbacks: ${baseUrl}/callbacks/{product}   Operations: http://127.0.0.1:${env['OPS_PORT']}`);
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
