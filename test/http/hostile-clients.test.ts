import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitingJobs } from '../support/queues.ts';
import { head as callbackHead, genuine, startSockets } from './support.ts';

const start = startSockets;

const head = (length: number | string, more = ''): string => callbackHead(length, `${more}connection: close\r\n`);

describe('the public listener, on a bare socket', () => {
  it('accepts a genuine callback that arrives byte by byte', async () => {
    const { talk } = await start();
    const text = head(Buffer.byteLength(genuine)) + genuine;
    expect(await talk(...text)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['rubbish', 'rubbish\r\n\r\n'],
    ['a length that is not a number', head('ten')],
    ['two lengths', head(5, 'content-length: 7\r\n') + genuine],
    ['a length beside chunks', head(5, 'transfer-encoding: chunked\r\n') + genuine],
    ['a bad chunk', head(0).replace('content-length: 0', 'transfer-encoding: chunked') + 'zz\r\n'],
    ['a header with a NUL', head(2, 'x: \0\r\n') + '{}'],
  ])('replies to %s with a problem', async (_name, bytes) => {
    const { talk, isHealthy } = await start();
    const answer = await talk(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('urn:paycools-webhooks:problem:malformed');
    expect(await isHealthy()).toBe(true);
  });

  it('replies to headers that are too large with 431', async () => {
    const { talk, isHealthy } = await start();
    expect(await talk(head(2, `x: ${'y'.repeat(20_000)}\r\n`))).toMatch(/^HTTP\/1\.1 431 /);
    expect(await isHealthy()).toBe(true);
  });

  it('refuses a length over the limit before the body is sent', async () => {
    const { talk } = await start();
    expect(await talk(head(10_000_000))).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('reads no more than the announced length', async () => {
    const { talk, isHealthy } = await start();
    expect(await talk(head(20) + genuine)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await isHealthy()).toBe(true);
  });

  it('forgets a client that disconnects in the middle of its body', async () => {
    const { open, isHealthy, namespace } = await start();
    const socket = await open();
    socket.write(head(Buffer.byteLength(genuine)) + genuine.slice(0, 40));
    socket.destroy();
    await once(socket, 'close');
    expect(await isHealthy()).toBe(true);
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(1);
  });

  it('stores a callback whose sender does not wait for the reply', async () => {
    const { open, namespace } = await start();
    const socket = await open();
    socket.end(head(Buffer.byteLength(genuine)) + genuine);
    await once(socket, 'close');
    await expect.poll(async () => (await waitingJobs(namespace, 'payout')).length).toBe(1);
  });

  it('serves others while a hundred slow clients hold their connections', async () => {
    const { open, isHealthy } = await start();
    const slow = await Promise.all(Array.from({ length: 100 }, () => open()));
    for (const socket of slow) socket.write(head(500).slice(0, 40));
    expect(await isHealthy()).toBe(true);
    for (const socket of slow) socket.destroy();
  });

  it('survives random bytes without accepting them or replying 5xx', async () => {
    const { talk, isHealthy, namespace } = await start();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const answer = await talk(`${head(bytes.length)}`, bytes);
        expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      }),
      { numRuns: 100 },
    );
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(0);
    expect(await isHealthy()).toBe(true);
  });
});
