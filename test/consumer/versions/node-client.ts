import type * as bullmq from 'bullmq';
import { until } from '../../support/until.ts';
import type { Command, OpenClient, Take, Where } from './client.ts';

/** The module of any version of BullMQ. */
export type Library = Pick<typeof bullmq, 'Queue' | 'Worker' | 'UnrecoverableError'>;

const TIMEOUT_MS = 10_000;

const optionsFor = ({ url, prefix }: Where) => {
  const { hostname: host, port } = new URL(url);
  return { connection: { host, port: Number(port), maxRetriesPerRequest: null }, prefix };
};

const take = async (library: Library, where: Where, { count, how, limiter }: Take): Promise<readonly string[]> => {
  const taken: string[] = [];
  let settled = 0;
  const handle = async ({ data }: { readonly data: { readonly id: string } }): Promise<void> => {
    taken.push(data.id);
    if (how === 'fail') throw new library.UnrecoverableError('no use');
    if (how === 'later') throw new Error('not now');
  };
  const limits = limiter === undefined ? {} : { limiter };
  const worker = new library.Worker(where.queue, handle, { ...optionsFor(where), ...limits });
  worker.on('error', () => undefined);
  worker.on('completed', () => (settled += 1));
  worker.on('failed', () => (settled += 1));
  try {
    await until(async () => settled >= count, { what: `${count} jobs have ended`, timeoutMs: TIMEOUT_MS });
  } finally {
    await worker.close();
  }
  return taken;
};

const manage = async (queue: bullmq.Queue, command: Exclude<Command, Take>): Promise<void> => {
  if (command.do === 'pause') await queue.pause();
  if (command.do === 'resume') await queue.resume();
  if (command.do === 'drain') await queue.drain();
  if (command.do === 'obliterate') await queue.obliterate({ force: true });
  if (command.do === 'promote') await queue.promoteJobs();
  if (command.do === 'retryAll') await queue.retryJobs();
  if (command.do === 'retry') await (await queue.getJob(command.id))?.retry();
};

/** Opens a client in this process. */
export const openNodeClient =
  (library: Library): OpenClient =>
  async (where) => {
    const queue = new library.Queue(where.queue, optionsFor(where));
    await queue.waitUntilReady();
    return {
      perform: async (command) => {
        if (command.do === 'take') return take(library, where, command);
        await manage(queue, command);
        return null;
      },
      [Symbol.asyncDispose]: () => queue.close(),
    };
  };
