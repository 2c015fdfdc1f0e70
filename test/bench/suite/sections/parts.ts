import { join } from 'node:path';
import { PARTS } from '../parts.ts';
import type { PartRow } from '../results.ts';
import { type Server, startReceiver } from '../server.ts';
import type { Stage } from '../stage.ts';
import { alternate } from './alternate.ts';
import type { Effort } from './compare.ts';

const WITHOUT = join(import.meta.dirname, '..', 'without.ts');

/** The cost of the receiver as shipped, then without one part after another. */
export const measureParts = async (stage: Stage, effort: Effort): Promise<PartRow[]> => {
  await using stack = new AsyncDisposableStack();
  const { dataDir, redis } = stage;
  const servers: Server[] = [];
  for (let count = 0; count <= PARTS.length; count += 1) {
    const removed = PARTS.slice(0, count).map(({ name }) => name);
    const env = { BENCH_WITHOUT: removed.join(';'), QUEUE_PREFIX: `parts-${count}` };
    const nodeArgs = count === 0 ? [] : ['--import', WITHOUT];
    const name = `parts-${count}`;
    servers.push(stack.use(await startReceiver({ redisUrl: redis.url, dataDir, name, env, nodeArgs })));
  }
  const costs = await alternate(stage, servers, effort);
  return costs.map((cost, count) => ({ without: PARTS[count - 1]?.name ?? null, ...cost }));
};
