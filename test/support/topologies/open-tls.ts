import { Redis } from 'ioredis';
import { freePort } from '../../../scripts/redis-server.ts';
import { RedisNode } from './redis-node.ts';
import { startSentinel } from './sentinel-process.ts';
import { argsOf, createTlsFiles } from './tls-files.ts';
import { newDataDir, opened, type Topology } from './topology.ts';

/** One Redis that speaks TLS with a self-signed certificate on one port, and plain text to the suite on another. */
export const openTls = (): Promise<Topology> =>
  opened(async (stack) => {
    const { certificate: ca, certificateFile, configFor } = stack.use(createTlsFiles());
    const tlsPort = await freePort();
    const node = stack.use(await RedisNode.start({ dataDir: newDataDir('tls'), args: argsOf(configFor(tlsPort)) }));
    return {
      name: 'tls' as const,
      url: `rediss://127.0.0.1:${tlsPort}`,
      env: { DURABILITY: 'fsync', NODE_EXTRA_CA_CERTS: certificateFile },
      nodes: [node],
      proxy: null,
      primary: async () => node,
      connect: async () => new Redis({ port: tlsPort, host: '127.0.0.1', tls: { ca } }),
    };
  });

/**
 * A primary and a sentinel that announces it by address; both speak TLS.
 *
 * @param name the host name of their certificate
 */
export const openTlsSentinel = (name: string): Promise<Topology> =>
  opened(async (stack) => {
    const { certificateFile, configFor } = stack.use(createTlsFiles(name));
    const [primaryPort, sentinelPort] = [await freePort(), await freePort()];
    const args = argsOf(configFor(primaryPort));
    const node = stack.use(await RedisNode.start({ dataDir: newDataDir('tls'), args }));
    const config = { ...configFor(sentinelPort), 'tls-replication': 'yes' };
    stack.use(await startSentinel({ name: 'main', primaryPort, quorum: 1, config }));
    return {
      name: 'tls' as const,
      url: `rediss+sentinel://localhost:${sentinelPort}/main`,
      env: { DURABILITY: 'fsync', NODE_EXTRA_CA_CERTS: certificateFile },
      nodes: [node],
      proxy: null,
      primary: async () => node,
      connect: async () => node.admin.duplicate(),
    };
  });
