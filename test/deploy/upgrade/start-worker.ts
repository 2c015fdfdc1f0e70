import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { end, track } from '../../support/children.ts';

/** A worker process, the transactions that it has handled, and the flags of their events. */
export type Worker = {
  readonly name: string;
  readonly handled: string[];
  readonly flags: string[];
  readonly stop: () => Promise<void>;
};

type Line = { readonly transaction: string; readonly flags: readonly string[] };

/** Starts a worker with the consumer library of a release. */
export const startWorker = async (name: string, source: string, url: string): Promise<Worker> => {
  const env = { ...process.env, REDIS_URL: url, CONSUMER: join(source, 'consumer', 'index.ts') };
  const child = track(
    spawn(process.execPath, ['test/deploy/upgrade/worker.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const handled: string[] = [];
  const flags: string[] = [];
  const { promise, resolve: ready } = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') return ready();
    const event = JSON.parse(line) as Line;
    handled.push(event.transaction);
    flags.push(...event.flags);
  });
  await promise;
  return { name, handled, flags, stop: () => end(child, 'SIGTERM') };
};

/** Acknowledged transactions that no worker handled, and transactions handled more than once. */
export const compareHandled = (acknowledged: readonly string[], handled: readonly string[]) => {
  const once = new Set(handled);
  return {
    lost: acknowledged.filter((it) => !once.has(it)),
    handledTwice: [...once].filter((it) => handled.filter((other) => other === it).length > 1),
  };
};
