import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type JobType, Queue } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import type { AnyEvent } from '../../../src/core/event.ts';
import { products } from '../../../src/products/registry.ts';

/** An event, and where the receiver stored it. */
export type Stored = {
  readonly place: 'queue' | 'spool';
  /** Name of the queue; `spool` in the spool. */
  readonly where: string;
  /** Null in the spool, which has the callback as received. */
  readonly eventId: string | null;
  readonly transaction: string;
  /** In centavos; NaN if it has none. */
  readonly amount: number;
};

const STATES: JobType[] = ['wait', 'active', 'delayed', 'prioritized', 'completed', 'failed', 'waiting-children'];
const QUEUES = [...products.map(({ product }) => product), 'unrecognized', 'findings', 'payment-verification'];
const PAGE = 2000;

type Data = { readonly transactionId?: string; readonly amount?: { readonly minor: number } };

const fromEvent = (where: string, event: AnyEvent): Stored => {
  const { transactionId, amount } = event.data as Data;
  const transaction = transactionId ?? event.subject ?? '';
  return { place: 'queue', where, eventId: event.id, transaction, amount: amount?.minor ?? Number.NaN };
};

const readQueue = async (queue: Queue<AnyEvent>, where: string): Promise<Stored[]> => {
  const stored: Stored[] = [];
  for (const state of STATES) {
    for (let start = 0; ; start += PAGE) {
      const jobs = await queue.getJobs([state], start, start + PAGE - 1, true);
      stored.push(...jobs.map(({ data }) => fromEvent(where, data)));
      if (jobs.length < PAGE) break;
    }
  }
  return stored;
};

/** Everything on every queue, in every state. */
export const readQueues = async (connection: Redis | Cluster, prefix: string): Promise<Stored[]> => {
  const stored: Stored[] = [];
  for (const name of QUEUES) {
    const queue = new Queue<AnyEvent>(`{${name}}`, { connection, prefix, skipVersionCheck: true });
    stored.push(...(await readQueue(queue, name)));
    await queue.close();
  }
  return stored;
};

const fromBody = (body: Uint8Array): Stored => {
  const fields = JSON.parse(Buffer.from(body).toString()) as { transactionId?: string; amount?: number };
  const { transactionId = '', amount = Number.NaN } = fields;
  return { place: 'spool', where: 'spool', eventId: null, transaction: transactionId, amount };
};

/** Everything in the spool. The service must have ended, because it locks the file while it runs. */
export const readSpool = (dir: string): Stored[] => {
  const file = join(dir, 'spool.sqlite');
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE'); // then SQLite needs no extra file, for which a full disk has no room
    const rows = database.prepare('SELECT body FROM spool ORDER BY seq').all() as { body: Uint8Array }[];
    return rows.map(({ body }) => fromBody(body));
  } finally {
    database.close();
  }
};
