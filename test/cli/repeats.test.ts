import { describe, expect, it } from 'vitest';
import { startConsole } from '../console/support.ts';
import { SECRET } from '../support/service.ts';
import { until } from '../support/until.ts';
import { paycools } from './support.ts';

const SECOND = /2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** A receiver that got one callback three times. */
const startWithRepeats = async () => {
  const receiver = await startConsole();
  const { namespace, send } = receiver;
  for (let count = 0; count < 3; count += 1) expect((await send({ transactionId: 'D1' })).status).toBe(200);
  const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix };
  const run = async (line: string): Promise<string> => (await paycools(line.split(' '), { env })).out;
  const listed = async () => JSON.parse(await run('events list --json'));
  await until(async () => (await listed())[0]?.repeats === 2, { what: 'both repeats are counted', timeoutMs: 5000 });
  return { ...receiver, run, listed };
};

describe('a repeated callback', () => {
  it('is one entry with the count and the last time, on the command line', async () => {
    const { run, listed } = await startWithRepeats();
    const repeated = { repeats: 2, lastReceivedAt: expect.stringMatching(SECOND) };
    expect(await listed()).toMatchObject([{ transactionId: 'D1', ...repeated }]);
    expect(await run('events list')).toMatch(/ {2}default {2}2 {2}200 {2}/);
    expect(await run('events list --csv')).toMatch(/,repeats,lastReceivedAt\r?\n.*,2,2\d{3}-/);
    expect(await run('events show D1')).toMatch(/\nreceived 2 more times, last at 2\d{3}-\S+Z\n/);
    expect(JSON.parse(await run('events show D1 --json'))).toMatchObject(repeated);
    expect(await run('where D1')).toMatch(/received 2 more times, last at 2\d{3}-\S+Z/);
    expect(JSON.parse(await run('where D1 --json'))).toMatchObject({ callbacks: [repeated] });
  });

  it('is one entry with the count and the last time, in the console', async () => {
    const { get, listed } = await startWithRepeats();
    const [{ id }] = await listed();
    expect((await get(`/console/callbacks/${id}`)).body).toMatch(/<dt>Repeats<\/dt><dd>2 more, the last at <time/);
    expect((await get('/console/callbacks')).body).toMatch(/data-label="Repeats"[^>]*>2</);
    expect((await get('/console/payments/D1')).body).toContain('received 2 more times');
  });
});
