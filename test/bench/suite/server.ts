import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { freePort } from '../../../scripts/redis-server.ts';
import { end, isRunning, track } from '../../support/children.ts';
import { SECRET } from './bodies.ts';

/** A measured process, which takes callbacks. */
export type Server = AsyncDisposable & {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  /** Time from start to ready, in milliseconds. */
  readonly startMs: number;
};

type ServerOptions = {
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Folder for its output. */
  readonly dataDir: string;
  /** Path that answers 200 or 404 once it is ready, on `opsPort` if given. */
  readonly readyPath: string;
  readonly opsPort?: number;
};

const IMAGE_FLAGS = /"(--[^"]+)"/g;

/** The flags with which the image runs Node.js. */
export const imageFlags = (tree = '.'): string[] => {
  const command = /^CMD (.*)$/m.exec(readFileSync(`${tree}/Dockerfile`, 'utf8'))?.[1] ?? '';
  return [...command.matchAll(IMAGE_FLAGS)].map(([, flag]) => flag ?? '');
};

const START_TIMEOUT_MS = 15_000;
const STEP_MS = 5;
const READY = [200, 404];

const isReady = async (url: string): Promise<boolean> => {
  try {
    const reply = await fetch(url);
    await reply.arrayBuffer();
    return READY.includes(reply.status);
  } catch {
    return false;
  }
};

/** Starts a server and waits until it is ready. Its output goes to a file, as in production. */
const startServer = async (options: ServerOptions): Promise<Server> => {
  const port = await freePort();
  const output = openSync(`${options.dataDir}/${options.name}.log`, 'a');
  const started = performance.now();
  const child = track(
    spawn(options.command[0], options.command.slice(1), {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: String(port),
        PAYCOOLS_CALLBACK_SECRET: SECRET,
        ...options.env,
      },
      stdio: ['ignore', output, output],
    }),
  );
  closeSync(output);
  const url = `http://127.0.0.1:${options.opsPort ?? port}${options.readyPath}`;
  while (!(await isReady(url))) {
    if (!isRunning(child)) throw new Error(`${options.name} did not start: see ${options.name}.log`);
    if (performance.now() - started > START_TIMEOUT_MS) throw new Error(`${options.name} was not ready in time`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  return {
    name: options.name,
    pid: child.pid ?? 0,
    port,
    startMs: performance.now() - started,
    [Symbol.asyncDispose]: () => end(child, 'SIGTERM'),
  };
};

export type ReceiverOptions = {
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly nodeArgs?: readonly string[];
  /** Folder of the built tree. Default this one. */
  readonly tree?: string;
};

/** The receiver of the built tree, started as in the image. */
export const startReceiver = async ({
  redisUrl,
  dataDir,
  env = {},
  name = 'receiver',
  nodeArgs = [],
  tree = '.',
}: ReceiverOptions) => {
  const opsPort = await freePort();
  return startServer({
    name,
    command: [process.execPath, ...imageFlags(tree), ...nodeArgs, `${tree}/dist/main.js`],
    dataDir,
    readyPath: '/readyz',
    opsPort,
    env: { REDIS_URL: redisUrl, OPS_PORT: String(opsPort), SPOOL_DIR: `${dataDir}/spool-${name}`, ...env },
  });
};

/** A peer of test/bench/suite/peers. */
export const startPeer = (name: string, redisPort: number, dataDir: string): Promise<Server> =>
  startServer({
    name,
    command: [process.execPath, ...imageFlags(), `${import.meta.dirname}/peers/${name}.ts`],
    dataDir,
    readyPath: '/',
    env: { REDIS_PORT: String(redisPort) },
  });

/** The floor, compiled; null without a Rust compiler. */
export const startFloor = async (redisPort: number, dataDir: string): Promise<Server | null> => {
  const program = `${dataDir}/floor`;
  const compiled = spawnSync('rustc', ['-O', '-o', program, `${import.meta.dirname}/peers/floor/main.rs`]);
  if (compiled.error !== undefined) return null;
  if (compiled.status !== 0) throw new Error(`the floor does not compile:\n${compiled.stderr}`);
  return startServer({
    name: 'floor',
    command: [program],
    dataDir,
    readyPath: '/',
    env: { REDIS_PORT: String(redisPort) },
  });
};
