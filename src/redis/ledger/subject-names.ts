import { Cluster } from 'ioredis';
import { type Subject, subjectKey, subjectOfKey } from '../../core/event-id.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, readItemReply } from '../lua-script.ts';
import { createTickBatch, waitBriefly } from '../tick-batch.ts';
import { ledgerKeys } from './ledger-keys.ts';

export type SubjectNamesOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long a name is kept, in milliseconds. */
  readonly retentionMs: number;
};

/** Finds the name under which the ledger knows a subject, from now on for all of its names. */
export type NameOf = (merchant: string, names: readonly Subject[]) => Promise<Subject>;

/** Subjects of one call: Redis is blocked while it runs. */
const BATCH = 64;

/** Subjects with several names, such as refunds, under the name by which each became known first. */
export const createNameOf = (options: SubjectNamesOptions): NameOf =>
  options.redis instanceof Cluster ? byKey(options) : byScript(options);

type Named = { readonly keys: readonly string[]; readonly name: string };

const byScript = ({ redis, prefix, retentionMs }: SubjectNamesOptions): NameOf => {
  const script = loadScript<([string] | string)[]>(redis, 'name-subjects');
  const name = createTickBatch({
    limit: BATCH,
    perform: async (all: readonly Named[]) => {
      const args = all.flatMap((it) => [it.keys.length, it.name]);
      const replies = await script(
        all.flatMap((it) => it.keys),
        [retentionMs, ...args],
      );
      return replies.map((reply) => readItemReply(reply, ([found]: [string]) => found));
    },
  });
  return namedBy(prefix, name);
};

/**
 * In a cluster each name is in a slot of its own, so the first claim of any of them counts. Those of one batch go together
 * in each step.
 */
const byKey = ({ redis, prefix, retentionMs }: SubjectNamesOptions): NameOf => {
  const read = (keys: readonly string[]) => Promise.all(keys.map((key) => redis.get(key)));
  const claim = (keys: readonly string[], name: string) =>
    Promise.all(keys.map((key) => redis.set(key, name, 'PX', retentionMs, 'NX')));
  const nameOf = async ({ keys, name: first }: Named): Promise<string> => {
    const known = await read(keys);
    const name = known.find((it) => it !== null) ?? first;
    if (known.every((it) => it === name)) return name;
    if ((await claim(keys, name)).every((it) => it !== null)) return name;
    // Somebody may have claimed one of the names meanwhile. The first claim counts, for all names.
    const claimed = await read(keys);
    const other = claimed.find((it) => it !== null && it !== name) ?? name;
    const outdated = keys.filter((_, index) => claimed[index] === name && known[index] === null && other !== name);
    await Promise.all(outdated.map((key) => redis.set(key, other, 'PX', retentionMs)));
    return other;
  };
  const nameAll = async (all: readonly Named[]): Promise<readonly Promise<string>[]> => {
    const named = all.map(nameOf);
    await waitBriefly(named);
    return named;
  };
  const name = createTickBatch({ limit: BATCH, perform: nameAll });
  return namedBy(prefix, name);
};

/** The first name is that of a subject that is not known yet. */
const namedBy = (prefix: string, name: (named: Named) => Promise<string>): NameOf => {
  const { alias } = ledgerKeys(prefix);
  return async (merchant, names) => {
    const [first = ''] = names.map(subjectKey);
    return subjectOfKey(await name({ keys: names.map((it) => alias(merchant, it)), name: first }));
  };
};
