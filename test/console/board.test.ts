import { describe, expect, it } from 'vitest';
import { waitingEvents } from '../support/queues.ts';
import { ask, startConsole } from './support.ts';

describe('Bull Board', () => {
  it('shows every queue', async () => {
    const { send, get } = await startConsole();
    await send();
    const { status, body } = await get('/console/queues/api/queues');
    const { queues } = JSON.parse(body) as { queues: { name: string; readOnlyMode: boolean; counts: object }[] };
    expect([status, queues.length, queues.every(({ readOnlyMode }) => readOnlyMode)]).toEqual([200, 14, true]);
    expect(queues.find(({ name }) => name === '{payout}')?.counts).toMatchObject({ waiting: 1 });
  });

  it('loads its page and files from this service, under its own policy', async () => {
    const { get } = await startConsole();
    const page = await get('/console/queues/');
    expect(page.body).not.toMatch(/(?:href|src)="(?:https?:)?\/\//);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    const scripts = [...page.body.matchAll(/src="(static\/[^"]+)"/g)].map(([, path]) => path);
    expect(scripts.length).toBeGreaterThan(0);
    for (const path of scripts) expect((await get(`/console/queues/${path}`)).status).toBe(200);
  });

  it.each([
    ['PUT', '/api/queues/%7Bpayout%7D/pause'],
    ['PUT', '/api/queues/%7Bpayout%7D/empty'],
    ['PUT', '/api/queues/pause'],
    ['PUT', '/api/queues/%7Bpayout%7D/obliterate'],
    ['POST', '/api/queues/%7Bpayout%7D/add'],
  ])('refuses changes: %s %s', async (method, path) => {
    const { opsUrl, send, namespace } = await startConsole();
    await send();
    const headers = { origin: opsUrl, 'sec-fetch-site': 'same-origin' };
    expect((await ask(`${opsUrl}/console/queues${path}`, { method, headers })).status).toBe(405);
    expect(await waitingEvents(namespace, 'payout')).toHaveLength(1);
  });
});

it('warns about a worker whose version of BullMQ loses jobs', async () => {
  const { page, namespace, send } = await startConsole();
  await send();
  const { redis, prefix } = namespace;
  expect(await page('/console', 'payout')).not.toContain('update that worker');
  await redis.hset(`${prefix}:{payout}:meta`, 'version', 'bullmq:5.81.5');
  expect(await page('/console', 'BullMQ 5.81.5 has opened {payout}')).toContain(
    'update that worker to BullMQ 6 or later',
  );
});
