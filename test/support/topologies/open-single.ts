import { RedisNode } from './redis-node.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { newDataDir, opened, type Topology } from './topology.ts';

/** One Redis with fsync before every answer; the receiver reaches it through a proxy. */
export const openSingle = (): Promise<Topology> =>
  opened(async (stack) => {
    const node = stack.use(await RedisNode.start({ dataDir: newDataDir('single') }));
    const proxy = stack.use(await TcpProxy.start(node.port));
    return {
      name: 'single' as const,
      url: `redis://127.0.0.1:${proxy.port}`,
      env: { DURABILITY: 'fsync' },
      nodes: [node],
      proxy,
      primary: async () => node,
      connect: async () => node.admin.duplicate(),
    };
  });
