import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runService } from '../support/process.ts';
import { SECRET } from '../support/service.ts';
import { createTlsFiles } from '../support/topologies/tls-files.ts';

/** An alert in plain text inside an established session: handshake failure. */
const ALERT = Buffer.from([0x15, 3, 3, 0, 2, 2, 40]);

/** A TLS endpoint that answers the first bytes with an alert, and nothing from then on. */
const startAlerting = async () => {
  const files = createTlsFiles('localhost');
  onTestFinished(() => files[Symbol.dispose]());
  const config = files.configFor(0);
  const keys = { key: readFileSync(config['tls-key-file'] ?? ''), cert: readFileSync(config['tls-cert-file'] ?? '') };
  const below = new Map<number | undefined, Socket>();
  const server = createServer(keys, (session) => {
    session.on('error', () => undefined);
    session.once('data', () => below.get(session.remotePort)?.write(ALERT));
  });
  server.on('connection', (socket) => below.set(socket.remotePort, socket));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
  onTestFinished(() => void server.close());
  return { url: `rediss://localhost:${(server.address() as AddressInfo).port}`, ca: files.certificateFile };
};

describe('a TLS endpoint that answers with an alert', () => {
  it('never ends the service: what escapes the client of Redis is logged, and it stops with 0', async () => {
    const { url, ca } = await startAlerting();
    const where = { REDIS_URL: url, NODE_EXTRA_CA_CERTS: ca, PAYCOOLS_CALLBACK_SECRET: SECRET };
    const service = runService({ ...where, HOST: '127.0.0.1', PORT: '0', OPS_PORT: '0' });
    await service.line(/write EPROTO.*a connection failed in an unexpected way/);
    await service.line(/Socket timeout.*a connection failed in an unexpected way/);
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
  }, 60_000);
});
