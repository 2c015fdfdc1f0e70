import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../support/listen.ts';
import { runService } from '../support/process.ts';
import { SECRET } from '../support/service.ts';
import { createTlsFiles } from '../support/topologies/tls-files.ts';

/** A handshake failure, sent as plain text within an established session. */
const ALERT = Buffer.from([0x15, 3, 3, 0, 2, 2, 40]);

/** A TLS endpoint that answers the first bytes with an alert and then nothing more. */
const startAlerting = async () => {
  const files = createTlsFiles('localhost');
  onTestFinished(() => files[Symbol.dispose]());
  const config = files.configFor(0);
  const keys = { key: readFileSync(config['tls-key-file'] ?? ''), cert: readFileSync(config['tls-cert-file'] ?? '') };
  const sockets = new Map<number | undefined, Socket>();
  const server = createServer(keys, (session) => {
    session.on('error', () => undefined);
    session.once('data', () => sockets.get(session.remotePort)?.write(ALERT));
  });
  server.on('connection', (socket) => sockets.set(socket.remotePort, socket));
  server.on('tlsClientError', () => undefined);
  onTestFinished(() => void server.close());
  return { url: `rediss://localhost:${await listen(server)}`, ca: files.certificateFile };
};

describe('a TLS endpoint that answers with an alert', () => {
  it('never ends the service: errors that escape the Redis client are logged, and SIGTERM still exits with 0', async () => {
    const { url, ca } = await startAlerting();
    const env = { REDIS_URL: url, NODE_EXTRA_CA_CERTS: ca, PAYCOOLS_CALLBACK_SECRET: SECRET };
    const service = runService({ ...env, HOST: '127.0.0.1', PORT: '0', OPS_PORT: '0' });
    await service.line(/write EPROTO.*a connection failed unexpectedly/);
    await service.line(/Socket timeout.*a connection failed unexpectedly/);
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
  }, 60_000);
});
