import { describe, expect, it } from 'vitest';
import { hostileTable, measureHostile } from '../bench/suite/sections/hostile.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { BODY_BYTES, hostileBodies } from '../support/hostile-bodies.ts';
import { ReceiverProcess } from '../support/receiver-process.ts';
import { SECRET, startTestService } from '../support/service.ts';

const LARGEST_LIMIT = 16_777_216;

describe('a body that is not signed', { timeout: 120_000 }, () => {
  it('never costs more than 20 ordinary forged callbacks', async () => {
    const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: 'redis://127.0.0.1:1', SPOOL_DIR: 'off' };
    await using receiver = await ReceiverProcess.start({ env: { ...env, LOG_LEVEL: 'silent' } });
    const port = Number(new URL(receiver.publicUrl).port);
    const costs = await measureHostile({ pid: receiver.pid, port }, { requests: 40, ordinary: 2000 });
    expect(costs.length).toBe(hostileBodies.size + 1);
    expect(costs[0]?.ratio, hostileTable(costs.slice(0, 5))).toBeLessThan(20);
  });

  it('never gets a 500, even with the largest BODY_LIMIT', async () => {
    const { publicUrl, logLines } = await startTestService({ env: { BODY_LIMIT: String(LARGEST_LIMIT) } });
    for (const [name, body] of hostileBodies) {
      const whole = Math.floor(LARGEST_LIMIT / BODY_BYTES / 2);
      const middle = Math.floor(body.length / 2);
      const large = body.slice(0, middle) + body.slice(middle - 512, middle).repeat(whole * 64) + body.slice(middle);
      expect((await post(`${publicUrl}/callbacks/payout`, large)).status, name).toBeLessThan(500);
    }
    expect(logLines.filter((line) => line.includes('unexpected error'))).toEqual([]);
  });
});

describe('a genuine callback', () => {
  it('may have hundreds of members, nested ones included', async () => {
    const { publicUrl } = await startTestService();
    const extra = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`x${index}`, index]));
    const items = Array.from({ length: 50 }, (_, index) => ({ id: index, name: 'item', tags: ['a', 'b'] }));
    const body = sign(payoutFields({ ...extra, items }));
    expect((await post(`${publicUrl}/callbacks/payout`, body)).status).toBe(200);
  });
});
