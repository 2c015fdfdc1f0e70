import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../../scripts/redis-server.ts';
import { makeCertificate } from './certificate.ts';
import { RedisNode } from './redis-node.ts';
import { newDataDir, opened, type Topology } from './topology.ts';

/** One Redis that speaks TLS on one port, with a certificate of its own making, and plainly to the suite on another. */
export const openTls = (): Promise<Topology> =>
  opened(async (stack) => {
    const dataDir = resolve(newDataDir('tls'));
    mkdirSync(dataDir, { recursive: true });
    const { certificate, key } = makeCertificate();
    const [certificateFile, keyFile] = [join(dataDir, 'certificate.pem'), join(dataDir, 'key.pem')];
    writeFileSync(certificateFile, certificate);
    writeFileSync(keyFile, key);
    const tlsPort = await freePort();
    const tls = {
      'tls-port': String(tlsPort),
      'tls-cert-file': certificateFile,
      'tls-key-file': keyFile,
      'tls-auth-clients': 'no',
    };
    const args = Object.entries(tls).flatMap(([name, value]) => [`--${name}`, value]);
    const node = stack.use(await RedisNode.start({ dataDir, args }));
    return {
      name: 'tls' as const,
      url: `rediss://127.0.0.1:${tlsPort}`,
      env: { DURABILITY: 'fsync', NODE_EXTRA_CA_CERTS: certificateFile },
      nodes: [node],
      proxy: null,
      primary: async () => node,
      connect: async () => new Redis({ port: tlsPort, host: '127.0.0.1', tls: { ca: certificate } }),
    };
  });
