import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf } from './dev/process-command.ts';
import { findRedisBinary } from './redis-binary.ts';

/** A Redis server that this process started, with the durability that the service requires by default. */
export type RedisServer = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
};

export type RedisServerOptions = {
  /** Data folder; created if missing. */
  readonly dataDir: string;
  readonly say: (sentence: string) => void;
  /** Default: a free port. */
  readonly port?: number;
  /** More arguments for redis-server. */
  readonly args?: readonly string[];
};

const START_TIMEOUT_MS = 15_000;
const PID_FILE = 'redis.pid';
const LAST_LINES = 5;

/** Below the ephemeral ports, because an outgoing connection could take one between the check and its use. */
const PORTS = { first: 18_000, count: 14_000 };

/** Whether nothing listens on this loopback port. */
export const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
};

/** A loopback port that is currently free. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    if (await isFree(port)) return port;
  }
};

const isRedis = (pid: number): boolean => /redis|valkey/.test(commandOf(pid) ?? '');

/** Stops a server that an earlier run left behind: two servers would corrupt the append-only file. */
const stopStaleServer = async (dataDir: string): Promise<void> => {
  const path = join(dataDir, PID_FILE);
  if (!existsSync(path)) return;
  const pid = Number(readFileSync(path, 'utf8'));
  if (!isRedis(pid)) return;
  process.kill(pid, 'SIGTERM');
  while (isRedis(pid)) await sleep(50);
};

const untilReady = async (child: ChildProcess): Promise<void> => {
  const last: string[] = [];
  if (child.stdout === null) throw new Error('Redis was started without an output');
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<void>((done, reject) => {
    lines.on('line', (line) => {
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      if (line.includes('Ready to accept connections')) done();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Redis did not start:\n${last.join('\n')}`)));
  });
  const tooLate = AbortSignal.timeout(START_TIMEOUT_MS);
  const late = once(tooLate, 'abort').then(() => Promise.reject(new Error('Redis did not start in time')));
  await Promise.race([ready, late]);
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGCONT'); // a test may have stopped it
  child.kill('SIGTERM');
  await exited;
};

/** Starts a real Redis on loopback: append-only file, fsync before every reply, no eviction. */
export const startRedis = async (options: RedisServerOptions): Promise<RedisServer> => {
  const binary = findRedisBinary(options.say);
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  await stopStaleServer(dataDir);
  const port = options.port ?? (await freePort());
  const config = {
    port: String(port),
    bind: '127.0.0.1',
    dir: dataDir,
    pidfile: join(dataDir, PID_FILE),
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(config).flatMap(([name, value]) => [`--${name}`, value]);
  // Detached into its own process group, so that Ctrl-C stops the service before its Redis.
  const child = spawn(binary, [...args, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  await untilReady(child);
  return { url: `redis://127.0.0.1:${port}`, port, process: child, [Symbol.asyncDispose]: () => stop(child) };
};
