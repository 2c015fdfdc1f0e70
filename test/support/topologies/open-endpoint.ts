import { follow } from './open-sentinel.ts';
import { REPLICATE_AT_ONCE, RedisNode } from './redis-node.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { newDataDir, opened, type Topology } from './topology.ts';

/** A primary and a replica behind one address, as in managed services: a proxy leads to the primary. */
export const openEndpoint = (): Promise<Topology> =>
  opened(async (stack) => {
    const start = async (name: string) =>
      stack.use(await RedisNode.start({ dataDir: newDataDir(name), args: REPLICATE_AT_ONCE }));
    const [first, second] = [await start('primary'), await start('replica')];
    await follow(second, first);
    const proxy = stack.use(await TcpProxy.start(first.port));
    const primary = async (): Promise<RedisNode> => (proxy.targetPort === first.port ? first : second);
    return {
      name: 'endpoint' as const,
      url: `redis://127.0.0.1:${proxy.port}`,
      env: { DURABILITY: 'replicas:1' },
      nodes: [first, second],
      proxy,
      primary,
      connect: async () => (await primary()).admin.duplicate(),
    };
  });
