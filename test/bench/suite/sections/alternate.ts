import type { Server } from '../server.ts';
import { ALL, measure, type Stage, WARM_UP } from '../stage.ts';
import { median } from '../statistics.ts';
import type { Effort } from './compare.ts';

const BODIES_PER_SECOND = 20_000;

/** Processor time for each callback, microseconds. */
export type Cost = { readonly receiverMicros: number; readonly redisMicros: number };

/** What each server costs at saturation: medians of rounds in which they take turns. In the order of the servers. */
export const alternate = async (
  stage: Stage,
  servers: readonly Server[],
  { rounds, seconds, connections }: Effort,
): Promise<Cost[]> => {
  for (const server of servers) await measure(stage, [server], { ...ALL, batch: stage.fresh(WARM_UP), connections });
  const found = servers.map((server) => ({ server, receiver: [] as number[], redis: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, receiver, redis } of found) {
      const batch = stage.fresh(BODIES_PER_SECOND * seconds);
      const sample = await measure(stage, [server], { batch, connections, seconds, rate: null, mayRepeat: false });
      receiver.push(sample.serverMicros);
      redis.push(sample.redisMicros);
    }
    stage.say(`round ${round + 1} of ${rounds}`);
  }
  return found.map(({ receiver, redis }) => ({ receiverMicros: median(receiver), redisMicros: median(redis) }));
};
