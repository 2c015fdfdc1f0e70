import { type Server, startPeer, startReceiver } from '../server.ts';
import type { Stage } from '../stage.ts';
import { alternate, type Cost } from './alternate.ts';
import type { Effort } from './compare.ts';

export type TreeRow = Cost & { readonly name: string };

/** Compares the receivers of this and other built trees, with (b) as the reference. */
export const compareTrees = async (stage: Stage, trees: readonly string[], effort: Effort): Promise<TreeRow[]> => {
  await using stack = new AsyncDisposableStack();
  const { dataDir, redis } = stage;
  const names = ['.', ...trees];
  const servers: Server[] = [stack.use(await startPeer('fastify', redis.port, dataDir))];
  for (const [index, tree] of names.entries()) {
    const name = `tree-${index}`;
    const env = { QUEUE_PREFIX: name };
    servers.push(stack.use(await startReceiver({ redisUrl: redis.url, dataDir, name, env, tree })));
  }
  const costs = await alternate(stage, servers, effort);
  return costs.map((cost, index) => ({ name: names[index - 1] ?? '(b)', ...cost }));
};
