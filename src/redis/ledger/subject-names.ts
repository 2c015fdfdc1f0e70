import { Cluster } from 'ioredis';
import { subjectKey, subjectOfKey } from '../../core/event-id.ts';
import type { Ledger } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, readItemReply } from '../lua-script.ts';
import { createTickBatch, waitBriefly } from '../tick-batch.ts';
import { ledgerKeys } from './ledger-keys.ts';

export type SubjectNamesOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long names are kept, in milliseconds. */
  readonly retentionMs: number;
};

export type ResolveName = Ledger['resolveName'];

/** Maximum number of subjects per script call: Redis is blocked while it runs. */
const BATCH = 64;

/** Resolves subjects with several names, such as refunds, to the name by which each became known first. */
export const createResolveName = (options: SubjectNamesOptions): ResolveName => {
  const { alias } = ledgerKeys(options.prefix);
  const resolve = options.redis instanceof Cluster ? resolveInCluster(options) : resolveOnOneRedis(options);
  return async (merchant, names) => {
    const [first = ''] = names.map(subjectKey);
    return subjectOfKey(await resolve({ keys: names.map((name) => alias(merchant, name)), first }));
  };
};

/** The keys of a subject's names, and the name to use if none is known yet. */
type Names = { readonly keys: readonly string[]; readonly first: string };
type Resolve = (names: Names) => Promise<string>;

const resolveOnOneRedis = ({ redis, retentionMs }: SubjectNamesOptions): Resolve => {
  const script = loadScript<([string] | string)[]>(redis, 'name-subjects');
  return createTickBatch({
    limit: BATCH,
    perform: async (subjects: readonly Names[]) => {
      const keys = subjects.flatMap((names) => names.keys);
      const args = subjects.flatMap((names) => [names.keys.length, names.first]);
      const replies = await script(keys, [retentionMs, ...args]);
      return replies.map((reply) => readItemReply(reply, ([name]: [string]) => name));
    },
  });
};

/**
 * In a cluster the names are in different slots, so the first claim of any of them decides. Subjects of one batch take each
 * step together.
 */
const resolveInCluster = ({ redis, retentionMs }: SubjectNamesOptions): Resolve => {
  const read = (keys: readonly string[]) => Promise.all(keys.map((key) => redis.get(key)));
  const claim = (keys: readonly string[], name: string) =>
    Promise.all(keys.map((key) => redis.set(key, name, 'PX', retentionMs, 'NX')));
  const resolve = async ({ keys, first }: Names): Promise<string> => {
    const known = await read(keys);
    const name = known.find((it) => it !== null) ?? first;
    if (known.every((it) => it === name)) return name;
    if ((await claim(keys, name)).every((it) => it !== null)) return name;
    // Another receiver may have claimed one of the names meanwhile. The first claim decides for all names.
    const claimed = await read(keys);
    const other = claimed.find((it) => it !== null && it !== name) ?? name;
    const outdated = keys.filter((_, index) => claimed[index] === name && known[index] === null && other !== name);
    await Promise.all(outdated.map((key) => redis.set(key, other, 'PX', retentionMs)));
    return other;
  };
  return createTickBatch({
    limit: BATCH,
    perform: async (subjects: readonly Names[]) => {
      const resolved = subjects.map(resolve);
      await waitBriefly(resolved);
      return resolved;
    },
  });
};
