import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf } from './dev/process-command.ts';
import { findRedisBinary } from './redis-binary.ts';

/** A Redis server that we started, with the durability that the service asks for. */
export type RedisServer = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
};

export type RedisServerOptions = {
  /** Folder of its data; created when missing. */
  readonly dataDir: string;
  readonly say: (sentence: string) => void;
  /** A free port by default. */
  readonly port?: number;
  /** More configuration, as on the command line of redis-server. */
  readonly args?: readonly string[];
};

const START_TIMEOUT_MS = 15_000;
const PID_FILE = 'redis.pid';
const LAST_LINES = 5;

/** Below the ports that the system gives to outgoing connections, which could take one between our look and its use. */
const PORTS = { first: 18_000, count: 14_000 };

/** Whether nothing listens on this port of loopback. */
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

/** A port that is free now, on loopback. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    if (await isFree(port)) return port;
  }
};

const isOurs = (pid: number): boolean => /redis|valkey/.test(commandOf(pid) ?? '');

/** Two servers on one append-only file would ruin it, so one that an earlier run left behind is stopped first. */
const stopStaleServer = async (dataDir: string): Promise<void> => {
  const path = join(dataDir, PID_FILE);
  if (!existsSync(path)) return;
  const pid = Number(readFileSync(path, 'utf8'));
  if (!isOurs(pid)) return;
  process.kill(pid, 'SIGTERM');
  while (isOurs(pid)) await sleep(50);
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

/** Starts a real Redis on loopback: append-only file, fsync before every answer, no eviction. */
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
  // In a process group of its own: Ctrl-C must stop the service first, and only then its store.
  const child = spawn(binary, [...args, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  await untilReady(child);
  return { url: `redis://127.0.0.1:${port}`, port, process: child, [Symbol.asyncDispose]: () => stop(child) };
};
