import { RedisNode } from './redis-node.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { newDataDir, opened, type Topology } from './topology.ts';

const USER = { name: 'receiver', password: 'receiver-password' };
const ACCESS = ['--user', USER.name, 'on', `>${USER.password}`, '~*', '&*', '+@all'];

/** One Redis with an fsync before every reply. The receiver reaches it through a proxy. */
export const openSingle = (): Promise<Topology> =>
  opened(async (stack) => {
    const node = stack.use(await RedisNode.start({ dataDir: newDataDir('single'), args: ACCESS }));
    const proxy = stack.use(await TcpProxy.start(node.port));
    return {
      name: 'single' as const,
      url: `redis://${USER.name}:${USER.password}@127.0.0.1:${proxy.port}`,
      env: { DURABILITY: 'fsync' },
      nodes: [node],
      user: USER,
      proxy,
      primary: async () => node,
      connect: async () => node.admin.duplicate(),
    };
  });
