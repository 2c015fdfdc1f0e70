// `npm run dev`: the whole system on one machine. A Redis, the service, a sandbox PayCools, a sample worker, and genuine
// callbacks that go through all of it. With `--no-worker` the queues are left to a worker of your own.
// Everything stays up until Ctrl-C.
import { join, resolve } from 'node:path';
import { Secret } from '../src/core/secret.ts';
import { checkRedis } from './dev/check-redis.ts';
import { claimFolder } from './dev/claim-folder.ts';
import { type DevSandbox, startDevSandbox } from './dev/dev-sandbox.ts';
import { listenForKeys, openInBrowser } from './dev/keys.ts';
import { DEFAULT_DATA_DIR, type DevOptions, DevUsageError, readDevOptions } from './dev/options.ts';
import { type SampleWorker, type Surroundings, startService, startWorker, untilServing } from './dev/processes.ts';
import { describeBusyPorts, describeRunning } from './dev/refusals.ts';
import { frame } from './dev/summary.ts';
import { say } from './dev/terminal.ts';
import { createPayout, createSender, sendExamples } from './dev/traffic.ts';
import { startRedis } from './redis-server.ts';

const local = (port: number): string => `http://127.0.0.1:${port}`;

const addressesOf = ({ ports }: DevOptions): Readonly<Record<string, string>> => ({
  Callbacks: `${local(ports.PORT)}/callbacks/{product}`,
  Console: `${local(ports.OPS_PORT)}/console`,
  Operations: local(ports.OPS_PORT),
  Sandbox: local(ports.SANDBOX_PORT),
});

/** Takes the data folder and looks at the ports, before anything of another run could be touched. */
const claim = async (options: DevOptions): Promise<Disposable> => {
  const startedAt = new Date().toLocaleString('sv-SE');
  const claimed = claimFolder(options.dataDir, { pid: process.pid, startedAt, addresses: addressesOf(options) });
  if ('takenBy' in claimed) throw new Error(await describeRunning(claimed.takenBy, options));
  const busy = await describeBusyPorts(options);
  if (busy === null) return claimed;
  claimed[Symbol.dispose]();
  throw new Error(busy);
};

const openRedis = async (stack: AsyncDisposableStack, { redisUrl, dataDir }: DevOptions): Promise<string> => {
  if (redisUrl !== null) {
    await checkRedis(redisUrl);
    return redisUrl;
  }
  const folder = join(dataDir, 'redis');
  const redis = stack.use(await startRedis({ dataDir: folder, say: (sentence) => say('redis', sentence) }));
  say('redis', `${redis.url}  appendonly yes, appendfsync always, data in ${folder}`);
  return redis.url;
};

const openSandbox = async (stack: AsyncDisposableStack, options: DevOptions, redisUrl: string): Promise<DevSandbox> => {
  const { ports, dataDir } = options;
  const dev = await startDevSandbox({
    port: ports.SANDBOX_PORT,
    callbackUrl: `${local(ports.PORT)}/callbacks`,
    callbackSecret: secretOf(options),
    redisUrl,
    servicePorts: { PORT: ports.PORT, OPS_PORT: ports.OPS_PORT },
    dataDir,
  });
  stack.use(dev.sandbox);
  say('sandbox', `${dev.sandbox.url}  a PayCools that answers every call and calls back`);
  return dev;
};

/** Commands to try next. The command line reads the development set-up of the usual folder by itself. */
const commandsOf = ({ dataDir, hasWorker, ports }: DevOptions, envFile: string): Readonly<Record<string, string>> => {
  const isUsual = dataDir === DEFAULT_DATA_DIR;
  const paycools = isUsual ? 'npm run -s paycools --' : `npx node --env-file=${envFile} src/cli/main.ts`;
  const to = isUsual && ports.PORT === 8080 ? '' : ` --to ${local(ports.PORT)}`;
  return {
    ...(hasWorker ? {} : { 'Your worker': `node --env-file=${resolve(envFile)} worker.mjs` }),
    'Call PayCools': `${paycools} api account.balance`,
    'Send one': `${paycools} send payout${to}`,
    'Look back': `${paycools} events list`,
  };
};

/** What has been started, and how to reach it. */
type Started = DevSandbox & {
  readonly options: DevOptions;
  readonly stack: AsyncDisposableStack;
  readonly surroundings: Surroundings;
  readonly stop: () => void;
};

const secretOf = ({ callbackSecret }: DevOptions): Secret => new Secret(callbackSecret);

/** Sends callbacks through everything. Returns why not all of them have arrived, if so. */
const sendTraffic = async ({ options, client, sandbox }: Started, worker: SampleWorker): Promise<readonly string[]> => {
  const expected = await sendExamples(local(options.ports.PORT), secretOf(options));
  await createPayout(client);
  await sandbox.settled();
  return (await worker.hasTaken(expected + 1)) ? [] : ['The worker has not taken every event yet.'];
};

const listen = ({ options, stack, stop }: Started): void => {
  const { PORT, OPS_PORT } = options.ports;
  const address = `${local(OPS_PORT)}/console`;
  const send = createSender(local(PORT), secretOf(options));
  const keys = listenForKeys(process.stdin, {
    o: () => openInBrowser(address, () => say('', `Open ${address} in a browser.`)),
    s: () => void send().catch((error: unknown) => say('', String(error))),
    q: stop,
  });
  stack.use(keys);
};

const KEYS = 'Keys: o opens the console, s sends a callback, q quits. ';

const present = ({ options, envFile }: Started, warnings: readonly string[]): void => {
  const summary = frame({
    title: warnings.length === 0 ? 'Up.' : 'Up, but not everything works:',
    warnings,
    addresses: addressesOf(options),
    commands: commandsOf(options, envFile),
    footer: `${process.stdin.isTTY ? KEYS : ''}Ctrl-C stops everything.`,
  });
  process.stdout.write(`${summary}\n`);
};

/** From a running service to the summary; ends when something stops unexpectedly. */
const show = async (started: Started): Promise<never> => {
  const { options, stack, surroundings } = started;
  const degraded = await untilServing(local(options.ports.OPS_PORT));
  const worker = options.hasWorker ? startWorker(surroundings) : null;
  if (worker !== null) stack.use(worker.child);
  const presented = async (): Promise<never> => {
    const late = worker === null ? [] : await sendTraffic(started, worker);
    listen(started);
    present(started, [...degraded, ...late]);
    return new Promise<never>(() => undefined);
  };
  return Promise.race([presented(), ...(worker === null ? [] : [worker.child.ended])]);
};

/** How a run is stopped. */
type Stopping = {
  readonly stop: () => void;
  readonly stopped: Promise<void>;
  readonly isInterrupted: () => boolean;
};

const run = async (options: DevOptions, { stop, stopped, isInterrupted }: Stopping): Promise<void> => {
  await using stack = new AsyncDisposableStack();
  stack.use(await claim(options));
  const redisUrl = await openRedis(stack, options);
  const dev = await openSandbox(stack, options, redisUrl);
  const env = {
    ...process.env,
    PAYCOOLS_CALLBACK_SECRET: options.callbackSecret,
    SPOOL_DIR: process.env['SPOOL_DIR'] ?? join(options.dataDir, 'spool'),
    REDIS_URL: redisUrl,
    PORT: String(options.ports.PORT),
    OPS_PORT: String(options.ports.OPS_PORT),
  };
  const surroundings = { env, isInterrupted };
  const service = stack.use(startService(surroundings));
  await Promise.race([stopped, service.ended, show({ ...dev, options, stack, surroundings, stop })]);
};

// Ctrl-C reaches the children too, and `npm` passes signals on a second time: the first one counts, the rest do not.
const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
let interrupted = false;
process.on('SIGINT', () => {
  interrupted = true;
  stop();
});
process.on('SIGTERM', () => stop());
try {
  await run(readDevOptions(process.argv.slice(2), process.env), { stop, stopped, isInterrupted: () => interrupted });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof DevUsageError ? 2 : 1;
}
