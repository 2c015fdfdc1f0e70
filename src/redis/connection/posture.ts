import type { Redis } from 'ioredis';
import type { Durability } from '../../core/durability.ts';
import { type AppendOnly, parseInfo, readAppendOnly, readEpoch } from './append-only.ts';
import { failureOf } from './explain-failure.ts';

/** What a Redis reports about itself that decides whether writes that it confirms count as stored. */
export type Posture = {
  readonly isLoading: boolean;
  readonly role: string;
  readonly connectedReplicas: number;
  readonly appendOnly: AppendOnly;
  /** See {@link readEpoch}. */
  readonly epoch: string | null;
  /** In bytes. */
  readonly usedMemory: number;
  /** In bytes; 0 for no limit. */
  readonly maxMemory: number;
  readonly evictionPolicy: string;
  /** Null if Redis hides its configuration, as managed ones often do. */
  readonly config: {
    readonly appendonly: string;
    readonly appendfsync: string;
    readonly fsyncPausesOnRewrite: string;
  } | null;
};

const SETTINGS = ['appendonly', 'appendfsync', 'no-appendfsync-on-rewrite'] as const;

const readConfig = async (redis: Redis): Promise<Posture['config']> => {
  try {
    const replies = await Promise.all(SETTINGS.map((name) => redis.config('GET', name)));
    const [appendonly, appendfsync, fsyncPausesOnRewrite] = replies.map((reply) => (reply as string[])[1]);
    if (appendonly === undefined || appendfsync === undefined) return null;
    return { appendonly, appendfsync, fsyncPausesOnRewrite: fsyncPausesOnRewrite ?? 'no' };
  } catch (error) {
    if (error instanceof Error && /NOPERM|unknown command|not allowed|disabled/i.test(error.message)) return null;
    throw error;
  }
};

/** Reads how durable a Redis is. */
export const readPosture = async (redis: Redis): Promise<Posture> => {
  // One INFO for all of it, including command statistics, so that no CONFIG SET can come between its parts.
  const [info, config] = await Promise.all([redis.info('all'), readConfig(redis)]);
  const fields = parseInfo(info);
  return {
    isLoading: fields.get('loading') === '1',
    role: fields.get('role') ?? 'unknown',
    connectedReplicas: Number(fields.get('connected_slaves') ?? 0),
    appendOnly: readAppendOnly(fields),
    epoch: readEpoch(fields),
    usedMemory: Number(fields.get('used_memory') ?? 0),
    maxMemory: Number(fields.get('maxmemory') ?? 0),
    evictionPolicy: fields.get('maxmemory_policy') ?? 'unknown',
    config,
  };
};

/** The checks of readiness that a Redis can fail. */
type PostureCheck = 'redis' | 'durability' | 'memory';

/** What is wrong and how to fix it: one sentence per failed check. */
export type PostureReasons = Partial<Readonly<Record<PostureCheck, string>>>;

export type PostureJudgement = {
  readonly durability: Durability;
  /** Whether Redis would load its append-only file if it were killed now. */
  readonly isLoadable: boolean;
};

/** Share of maxmemory above which a shortage is reported. */
const MEMORY_ALARM = 0.9;

/** Reported while a rewrite runs that may be the first one since the file was switched on. */
export const REWRITING =
  'Redis is rewriting its append-only file, possibly for the first time since `appendonly yes` or a failover, and may be unable to load it until the rewrite has finished: wait for it.';

const outage = ({ isLoading, role, appendOnly }: Posture): string | null => {
  if (isLoading) return failureOf('loading').sentence;
  if (role !== 'master') return failureOf('read-only replica').sentence;
  if (!appendOnly.isWriteOk) return 'Redis could not write its append-only file: free space on its disk.';
  return null;
};

const weakness = (posture: Posture, { durability, isLoadable }: PostureJudgement): string | null => {
  const { config, appendOnly, evictionPolicy, connectedReplicas } = posture;
  if (durability.level === 'none') return null;
  if (config === null) {
    return 'Redis hides its configuration, so its durability cannot be checked: permit CONFIG GET, or set DURABILITY=none if its provider guarantees durability.';
  }
  if (config.appendonly !== 'yes' || !appendOnly.isOn) return 'Redis has no append-only file: set `appendonly yes`.';
  if (config.appendfsync !== 'always')
    return 'Redis confirms writes before they are on disk: set `appendfsync always`.';
  if (config.fsyncPausesOnRewrite === 'yes') {
    return 'While Redis rewrites its file, it confirms writes before they are on disk: set `no-appendfsync-on-rewrite no`.';
  }
  if (evictionPolicy !== 'noeviction') return 'Redis may evict stored events: set `maxmemory-policy noeviction`.';
  if (durability.level === 'replicas' && connectedReplicas < durability.count) {
    return `Redis has ${connectedReplicas} of the ${durability.count} replicas that DURABILITY requires: connect more.`;
  }
  return isLoadable ? null : REWRITING;
};

const shortage = ({ usedMemory, maxMemory }: Posture): string | null =>
  maxMemory > 0 && usedMemory > maxMemory * MEMORY_ALARM
    ? `Redis uses ${Math.round((usedMemory / maxMemory) * 100)} % of its maxmemory: raise it, or let workers empty the queues.`
    : null;

/** Compares a posture with what DURABILITY requires. */
export const judgePosture = (posture: Posture, judgement: PostureJudgement): PostureReasons => {
  const reasons = { redis: outage(posture), durability: weakness(posture, judgement), memory: shortage(posture) };
  return Object.fromEntries(Object.entries(reasons).filter(([, sentence]) => sentence !== null));
};

/** The reasons of all servers as one. A rewrite hides no other reason, because it is the only one that ends by itself. */
export const combineReasons = (all: readonly PostureReasons[]): PostureReasons => {
  const isRewriting = ({ durability }: PostureReasons): boolean => durability === REWRITING;
  return Object.assign({}, ...all.filter(isRewriting), ...all.filter((reasons) => !isRewriting(reasons)));
};
