import type { Redis } from 'ioredis';
import type { ServiceSettings } from '../../config/environment.ts';
import { LOWEST_BULLMQ_MAJOR, oldClientSentence, queues } from '../../core/queues.ts';
import { products } from '../../products/registry.ts';
import { LoadableFiles } from '../../redis/connection/append-only.ts';
import { connectProducer, type RedisClient, writersOf } from '../../redis/connection/connection.ts';
import { explainUnreachable } from '../../redis/connection/explain-unreachable.ts';
import { judgePosture, readPosture } from '../../redis/connection/posture.ts';
import { untilReady } from '../../redis/connection/until-ready.ts';
import { createDeadline } from '../../redis/deadline.ts';
import { findOldClients } from '../../redis/queue/client-versions.ts';
import { type Finding, findingsOf } from './finding.ts';

const WAIT_MS = 4000;
const MAX_SKEW_MS = 2000;
const OLDEST: readonly [number, number] = [6, 2];

/** Compares the clocks of this machine and Redis: requests to PayCools are valid for only two minutes. */
const diagnoseClock = async (redis: Redis, now: () => number): Promise<Finding> => {
  const [seconds, micros] = await redis.time();
  const { ok, problem } = findingsOf('clock');
  const skew = Math.abs(now() - (Number(seconds) * 1000 + Number(micros) / 1000));
  if (skew <= MAX_SKEW_MS) return ok('agrees with the clock of Redis');
  return problem(
    `differs from the clock of Redis by ${Math.round(skew / 1000)} s: synchronize both machines with NTP.`,
  );
};

const diagnoseVersion = async (redis: Redis): Promise<Finding> => {
  const [, found = '0.0'] = /redis_version:([\d.]+)/.exec(await redis.info('server')) ?? [];
  const [major = 0, minor = 0] = found.split('.').map(Number);
  const { ok, problem } = findingsOf('redis');
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  if (isOld) return problem(`is version ${found}: at least ${OLDEST.join('.')} is needed.`);
  return ok(`version ${found} answers`);
};

const diagnosePosture = async (redis: Redis, { DURABILITY: durability }: ServiceSettings): Promise<Finding[]> => {
  const read = await readPosture(redis);
  const isLoadable = new LoadableFiles().read(read.appendOnly, read.epoch);
  const reasons = judgePosture(read, { durability, isLoadable });
  const found = Object.entries(reasons).map(([check, sentence]) => findingsOf(check).problem(sentence));
  return found.length > 0 ? found : [findingsOf('durability').ok(`meets DURABILITY (${durability.level})`)];
};

const queueNames = [...products.map(({ product }) => product), ...Object.values(queues)];

/** Workers and scripts with an older BullMQ lose jobs, whatever their language. */
const diagnoseQueues = async (redis: RedisClient, { QUEUE_PREFIX: prefix }: ServiceSettings): Promise<Finding[]> => {
  const { ok, problem } = findingsOf('queues');
  const old = await findOldClients({ redis, prefix, names: queueNames });
  if (old.length === 0) return [ok(`no client older than BullMQ ${LOWEST_BULLMQ_MAJOR} has opened one`)];
  return old.map((client) => problem(oldClientSentence(client)));
};

/** Checks that Redis can be reached, is recent and durable enough, and has the right time. */
export const diagnoseRedis = async (settings: ServiceSettings, now: () => number): Promise<Finding[]> => {
  const redis = connectProducer(settings.REDIS_URL, 'paycools-doctor');
  const deadline = createDeadline(WAIT_MS);
  try {
    redis.on('error', () => undefined);
    await untilReady(redis, WAIT_MS);
    const all = writersOf(redis).map(async (node) => [
      await diagnoseVersion(node),
      ...(await diagnosePosture(node, settings)),
      await diagnoseClock(node, now),
    ]);
    return (await deadline.within(Promise.all([...all, diagnoseQueues(redis, settings)]))).flat();
  } catch (error) {
    return [findingsOf('redis').problem((await explainUnreachable(error, settings.REDIS_URL)).sentence)];
  } finally {
    redis.disconnect();
  }
};
