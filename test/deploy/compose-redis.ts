import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { findRedisBinary } from '../../scripts/redis-binary.ts';
import { freePort } from '../../scripts/redis-server.ts';
import { end, track } from '../support/children.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeSecrets } from './make-secrets.ts';

export type ComposeRedis = {
  /** The URL of the generated file `redis-url`, with its address on this machine. */
  readonly url: string;
  /** The folder that the compose file mounts at /run/paycools. */
  readonly secrets: string;
  readonly kill: () => Promise<void>;
  /** Starts it again with the same port and data. */
  readonly start: () => Promise<void>;
};

const untilReady = (child: ChildProcess): Promise<void> =>
  new Promise((done, reject) => {
    const lines: string[] = [];
    child.once('close', () => reject(new Error(lines.join('\n'))));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.includes('Ready to accept connections')) done();
    });
  });

/** A redis-server with the configuration and the users of the compose file, except for folders and the port. */
export const startComposeRedis = async (): Promise<ComposeRedis> => {
  const secrets = temporaryFolder();
  const url = makeSecrets(secrets)['redis-url'] ?? '';
  const port = String(await freePort());
  const data = resolve(temporaryFolder());
  const config = join(secrets, 'redis.conf');
  const text = readFileSync('docker/redis.conf', 'utf8').replace('dir /data', `dir ${data}`);
  writeFileSync(config, text.replace('/run/paycools/', `${resolve(secrets)}/`));
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child !== undefined) await end(child, 'SIGKILL');
  };
  const start = async (): Promise<void> => {
    child = track(
      spawn(
        findRedisBinary(() => undefined),
        [config, '--port', port, '--bind', '127.0.0.1'],
        { stdio: 'pipe' },
      ),
    );
    await untilReady(child);
  };
  onTestFinished(kill);
  await start();
  return { url: url.trim().replace('redis:6379', `127.0.0.1:${port}`), secrets, kill, start };
};
