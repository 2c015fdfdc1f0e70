// `npm run dev`: the whole system on one machine (Redis, the service, the sandbox PayCools and a sample worker), with
// one genuine callback of every kind sent through it. It runs until Ctrl-C. `--no-worker` leaves the events to your
// own worker.
import { join, resolve } from 'node:path';
import { Secret } from '../src/core/secret.ts';
import { checkRedis } from './dev/check-redis.ts';
import { claimFolder } from './dev/claim-folder.ts';
import { type DevSandbox, startDevSandbox } from './dev/dev-sandbox.ts';
import { listenForKeys, openInBrowser } from './dev/keys.ts';
import { DEFAULT_DATA_DIR, type DevOptions, DevUsageError, readDevOptions } from './dev/options.ts';
import { type ProcessOptions, type SampleWorker, startService, startWorker, untilServing } from './dev/processes.ts';
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

/** Claims the data folder and checks the ports, before anything that belongs to another run could be touched. */
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
  say('sandbox', `${dev.sandbox.url}  simulates PayCools: answers API calls and sends callbacks`);
  return dev;
};

/** Commands to try next. `npm run paycools` only reads the env file of the default folder. */
const commandsOf = ({ dataDir, hasWorker, ports }: DevOptions, envFile: string): Readonly<Record<string, string>> => {
  const isDefault = dataDir === DEFAULT_DATA_DIR;
  const paycools = isDefault ? 'npm run -s paycools --' : `npx node --env-file=${envFile} src/cli/main.ts`;
  const to = isDefault && ports.PORT === 8080 ? '' : ` --to ${local(ports.PORT)}`;
  return {
    ...(hasWorker ? {} : { 'Your worker': `node --env-file=${resolve(envFile)} worker.mjs` }),
    'Call PayCools': `${paycools} api account.balance`,
    'Send a callback': `${paycools} send payout${to}`,
    'List callbacks': `${paycools} events list`,
  };
};

type DevSystem = DevSandbox & {
  readonly options: DevOptions;
  readonly stack: AsyncDisposableStack;
  readonly processOptions: ProcessOptions;
  readonly stop: () => void;
};

const secretOf = ({ callbackSecret }: DevOptions): Secret => new Secret(callbackSecret);

/** Sends callbacks through the whole system. Returns a warning if the worker does not receive them in time. */
const sendTraffic = async (
  { options, client, sandbox }: DevSystem,
  worker: SampleWorker,
): Promise<readonly string[]> => {
  const expected = await sendExamples(local(options.ports.PORT), secretOf(options));
  await createPayout(client);
  await sandbox.settled();
  return (await worker.hasReceived(expected + 1)) ? [] : ['The worker has not received every event yet.'];
};

const bindKeys = ({ options, stack, stop }: DevSystem): void => {
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

const printSummary = ({ options, envFile }: DevSystem, warnings: readonly string[]): void => {
  const summary = frame({
    title: warnings.length === 0 ? 'Up.' : 'Up, but not everything works:',
    warnings,
    addresses: addressesOf(options),
    commands: commandsOf(options, envFile),
    footer: `${process.stdin.isTTY ? KEYS : ''}Ctrl-C stops everything.`,
  });
  process.stdout.write(`${summary}\n`);
};

/** Starts the worker, sends callbacks and prints the summary. Rejects when the worker stops unexpectedly. */
const demonstrate = async (system: DevSystem): Promise<never> => {
  const { options, stack, processOptions } = system;
  const degraded = await untilServing(local(options.ports.OPS_PORT));
  const worker = options.hasWorker ? startWorker(processOptions) : null;
  if (worker !== null) stack.use(worker.child);
  const finishStart = async (): Promise<never> => {
    const late = worker === null ? [] : await sendTraffic(system, worker);
    bindKeys(system);
    printSummary(system, [...degraded, ...late]);
    return new Promise<never>(() => undefined);
  };
  return Promise.race([finishStart(), ...(worker === null ? [] : [worker.child.ended])]);
};

type StopControl = {
  readonly stop: () => void;
  readonly stopped: Promise<void>;
  readonly isInterrupted: () => boolean;
};

const run = async (options: DevOptions, { stop, stopped, isInterrupted }: StopControl): Promise<void> => {
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
  const processOptions = { env, isInterrupted };
  const service = stack.use(startService(processOptions));
  await Promise.race([stopped, service.ended, demonstrate({ ...dev, options, stack, processOptions, stop })]);
};

// Ctrl-C also reaches the children, and npm forwards each signal again: only the first one counts.
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
