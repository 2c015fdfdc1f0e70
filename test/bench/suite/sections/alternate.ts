import type { Server } from '../server.ts';
import { BODIES_PER_SECOND, measure, SATURATE, type Stage, warmUp } from '../stage.ts';
import { median } from '../statistics.ts';
import type { Effort } from './compare.ts';

/** Processor time per callback, in microseconds. */
export type Cost = { readonly receiverMicros: number; readonly redisMicros: number };

/** The cost of each server at saturation, in the order of the servers: medians of alternating rounds. */
export const alternate = async (
  stage: Stage,
  servers: readonly Server[],
  { rounds, seconds, connections }: Effort,
): Promise<Cost[]> => {
  await warmUp(stage, servers, connections);
  const samples = servers.map((server) => ({ server, receiver: [] as number[], redis: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, receiver, redis } of samples) {
      const batch = stage.fresh(BODIES_PER_SECOND * seconds);
      const sample = await measure(stage, [server], { ...SATURATE, batch, connections, seconds });
      receiver.push(sample.serverMicros);
      redis.push(sample.redisMicros);
    }
    stage.say(`round ${round + 1} of ${rounds}`);
  }
  return samples.map(({ receiver, redis }) => ({ receiverMicros: median(receiver), redisMicros: median(redis) }));
};
