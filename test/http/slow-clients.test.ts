import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ReceiverProcess } from '../support/receiver-process.ts';
import { until } from '../support/until.ts';
import { genuine, head, readAll, type Sockets, startSockets } from './support.ts';

const LIMIT_MS = 10_000;
/** How late Node.js may be, plus what a busy machine adds. */
const SLACK_MS = 4000;

/** Writes one byte every `everyMs` until the connection ends; returns everything received, and when it ended. */
const drip = async (socket: Socket, text: string, everyMs: number) => {
  const started = performance.now();
  const bytes = text[Symbol.iterator]();
  const timer = setInterval(() => {
    const { value } = bytes.next();
    if (value !== undefined) socket.write(value);
  }, everyMs);
  const reply = await readAll(socket);
  clearInterval(timer);
  return { reply, tookMs: performance.now() - started };
};

const many = (count: number, { open }: Sockets): Promise<Socket[]> =>
  Promise.all(Array.from({ length: count }, () => open()));

describe('a slow client', { timeout: 40_000 }, () => {
  it('is cut after 10 s, whether it sends a head, a body or nothing', async () => {
    const service = await startSockets();
    const { open, metric, logged } = service;
    const halves = await many(300, service);
    for (const socket of halves) socket.write(head(500) + genuine.slice(0, 100));
    const dripped = await Promise.all([
      drip(await open(), head(500), 300),
      drip(await open(), head(500).padEnd(1000, 'x'), 50),
      drip(await open(), '', LIMIT_MS),
      ...halves.map((socket) => drip(socket, '', LIMIT_MS)),
    ]);
    for (const { reply, tookMs } of dripped) {
      expect(reply).toMatch(/^HTTP\/1\.1 408 [\s\S]*urn:paycools-webhooks:problem:request-timeout/);
      expect(tookMs).toBeGreaterThan(LIMIT_MS - 1500);
      expect(tookMs).toBeLessThan(LIMIT_MS + SLACK_MS);
    }
    expect(await metric('paycools_http_refusals_total{reason="time"}')).toBe(dripped.length);
    await until(async () => logged('refused').some(({ count }) => Number(count) > 100), {
      what: 'the flood',
      timeoutMs: 5000,
    });
  });
});

describe('a connection', () => {
  it('is kept alive for KEEP_ALIVE_TIMEOUT_MS', async () => {
    const { open } = await startSockets({ KEEP_ALIVE_TIMEOUT_MS: '1500' });
    const socket = await open();
    const closed = readAll(socket);
    socket.write(head(genuine.length) + genuine);
    await once(socket, 'data');
    const started = performance.now();
    expect(await closed).toMatch(/^HTTP\/1\.1 200 [\s\S]*Keep-Alive: timeout=1/i);
    expect(performance.now() - started).toBeGreaterThan(1200);
  });

  it('is kept alive for 620 s by default', async () => {
    const { publicUrl } = await startSockets();
    const asked: ClientRequest = request(`${publicUrl}/healthz`, { headers: { connection: 'keep-alive' } });
    asked.end();
    const [answer] = await once(asked, 'response');
    expect(answer.headers['keep-alive']).toBe('timeout=620');
    asked.destroy();
  });
});

describe('MAX_CONNECTIONS', () => {
  it('never locks PayCools out: connections that never carried a genuine callback are closed first', async () => {
    const service = await startSockets({ MAX_CONNECTIONS: '20' });
    const { open, isHealthy, metric } = service;
    const known = await open();
    known.write(head(genuine.length) + genuine);
    await once(known, 'data');
    const strangers = await many(30, service);
    for (const socket of strangers.slice(15)) socket.write(head(500) + genuine.slice(0, 20));
    for (let round = 0; round < 5; round++) expect(await isHealthy()).toBe(true);
    expect(await metric('paycools_http_refusals_total{reason="connections"}')).toBeGreaterThan(10);
    known.write(head(genuine.length) + genuine);
    const [again] = await once(known, 'data');
    expect(String(again)).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of [...strangers, known]) socket.destroy();
  });

  it('gives a new connection time to send its request while incomplete requests hold all others', async () => {
    const service = await startSockets({ MAX_CONNECTIONS: '20' });
    const { open } = service;
    const halves = await many(20, service);
    for (const socket of halves) socket.write(head(500) + genuine.slice(0, 20));
    await until(() => service.isHealthy(), { what: 'all halves are read', timeoutMs: 5000 });
    const late = await open();
    await many(10, service);
    late.write(head(genuine.length) + genuine);
    expect((await Promise.race([once(late, 'data'), once(late, 'close')])).toString()).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of [...halves, late]) socket.destroy();
  });

  it('closes connections that carried a genuine callback only when there are no others', async () => {
    const service = await startSockets({ MAX_CONNECTIONS: '10' });
    const { isHealthy } = service;
    const captured = await many(10, service);
    for (const socket of captured) {
      socket.write(head(genuine.length) + genuine);
      await once(socket, 'data');
    }
    expect(await isHealthy()).toBe(true);
    for (const socket of captured) socket.destroy();
  });
});

describe('SIGTERM', { timeout: 30_000 }, () => {
  it('ends the service in time with exit code 0, whatever clients do', async () => {
    const env = { PAYCOOLS_CALLBACK_SECRET: 'x', REDIS_URL: 'redis://127.0.0.1:1', SPOOL_DIR: 'off' };
    await using receiver = await ReceiverProcess.start({ env: { ...env, SHUTDOWN_TIMEOUT_MS: '4000' } });
    const ports = [receiver.publicUrl, receiver.opsUrl].map((url) => Number(new URL(url).port));
    const sockets = ports.flatMap((port) =>
      ['', 'POST /callbacks', head(500), head(500) + genuine.slice(0, 9)].map((text) => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(text);
        return socket;
      }),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const dripping = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write('x');
    }, 100);
    const started = performance.now();
    expect(await receiver.terminate()).toBe(0);
    clearInterval(dripping);
    expect(performance.now() - started).toBeLessThan(4000 + SLACK_MS);
  });
});
