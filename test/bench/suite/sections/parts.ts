import { join } from 'node:path';
import { PARTS } from '../parts.ts';
import type { PartRow } from '../results.ts';
import { startReceiver } from '../server.ts';
import { ALL, measure, type Stage, WARM_UP } from '../stage.ts';
import { median } from '../statistics.ts';
import type { Effort } from './compare.ts';

const BODIES_PER_SECOND = 20_000;
const WITHOUT = join(import.meta.dirname, '..', 'without.ts');

/** What the receiver costs as shipped, then without one part after another. */
export const measureParts = async (stage: Stage, { rounds, seconds, connections }: Effort): Promise<PartRow[]> => {
  await using stack = new AsyncDisposableStack();
  const { dataDir, redis } = stage;
  const contestants = [];
  for (let count = 0; count <= PARTS.length; count += 1) {
    const left = PARTS.slice(0, count).map(({ name }) => name);
    const env = { BENCH_WITHOUT: left.join(';'), QUEUE_PREFIX: `parts-${count}` };
    const nodeArgs = count === 0 ? [] : ['--import', WITHOUT];
    const server = stack.use(
      await startReceiver({ redisUrl: redis.url, dataDir, name: `parts-${count}`, env, nodeArgs }),
    );
    await measure(stage, [server], { ...ALL, batch: stage.fresh(WARM_UP), connections });
    contestants.push({ without: left.at(-1) ?? null, server, receiver: [] as number[], redis: [] as number[] });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, ...found } of contestants) {
      const batch = stage.fresh(BODIES_PER_SECOND * seconds);
      const sample = await measure(stage, [server], { batch, connections, seconds, rate: null, mayRepeat: false });
      found.receiver.push(sample.serverMicros);
      found.redis.push(sample.redisMicros);
    }
    stage.say(`parts: round ${round + 1} of ${rounds}`);
  }
  return contestants.map(({ without, receiver, redis: micros }) => ({
    without,
    receiverMicros: median(receiver),
    redisMicros: median(micros),
  }));
};
