import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { postPayout } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { startTraced } from '../support/tracing.ts';

describe('the trace of a spooled callback', () => {
  it('is linked to the trace of its request and continues into the queue', async () => {
    const redis = await startOwnRedis();
    const { publicUrl, stop, spanNamed } = await startTraced({
      REDIS_URL: redis.url,
      SPOOL_DIR: resolve(temporaryFolder()),
    });
    await redis[Symbol.asyncDispose]();
    expect(await postPayout(publicUrl)).toMatchObject({ status: 200 });
    expect((await startOwnRedis({ port: redis.port })).url).toBe(redis.url);
    await expect.poll(() => spanNamed('restore from spool'), { timeout: 15_000 }).toBeDefined();
    expect(await stop()).toBe(0);
    const request = spanNamed('POST /callbacks/:product');
    const restored = spanNamed('restore from spool');
    expect(request).toMatchObject({ attributes: { 'paycools.outcome': 'spooled' } });
    expect(restored).toMatchObject({ kind: 5, parentId: '', links: [{ traceId: request?.traceId }] });
    const enqueue = spanNamed('add {payout}.com.paycools.payout.succeeded');
    expect(enqueue).toMatchObject({ traceId: restored?.traceId, parentId: restored?.spanId });
  }, 60_000);
});
