import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { end, track } from '../../support/children.ts';

/** A worker process, and the transactions that it has handled. */
export type Worker = { readonly name: string; readonly handled: string[]; readonly stop: () => Promise<void> };

/** Starts a worker with the consumer library of a release. */
export const startWorker = async (name: string, source: string, url: string): Promise<Worker> => {
  const env = { ...process.env, REDIS_URL: url, CONSUMER: join(source, 'consumer', 'index.ts') };
  const child = track(
    spawn(process.execPath, ['test/deploy/upgrade/worker.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const handled: string[] = [];
  const { promise, resolve: ready } = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') ready();
    else handled.push((JSON.parse(line) as { transaction: string }).transaction);
  });
  await promise;
  return { name, handled, stop: () => end(child, 'SIGTERM') };
};
