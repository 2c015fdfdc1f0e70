import { once } from 'node:events';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JournalEntry } from '../../src/receive/journal.ts';
import { entryFor, openWriter } from '../support/journal.ts';
import { openNamespace } from '../support/namespace.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { until } from '../support/until.ts';

describe('the writer of the journal', () => {
  it('records a few forged callbacks of a flood, and all genuine ones', async () => {
    const { writer, skipped, reader } = await openWriter(openNamespace());
    for (let index = 0; index < 1000; index += 1) {
      writer.record(
        entryFor({ outcome: 'forged', requestId: `f${index}`, body: new TextEncoder().encode(`${index}`) }),
      );
      writer.record(entryFor({ requestId: `g${index}` }));
    }
    await writer.flush();
    const count = async (outcome: 'forged' | 'accepted') =>
      (await reader.list({ outcome, limit: 10_000 })).entries.length;
    expect(await count('accepted')).toBe(1000);
    expect(await count('forged')).toBe(50);
    expect(skipped).toEqual({ sampled: 950 });
  });

  it('continues after a write that took longer than the flush interval', async () => {
    const own = await startOwnRedis();
    const [redis, other] = [new Redis(own.url), new Redis(own.url)];
    onTestFinished(() => [redis, other].forEach((it) => void it.disconnect()));
    const { writer, reader } = await openWriter({ redis, prefix: 'slow', url: own.url });
    await other.client('PAUSE', 500);
    const start = performance.now();
    const isOver = async (): Promise<boolean> => {
      writer.record(entryFor());
      return performance.now() - start > 500;
    };
    await until(isOver, { what: 'Redis continues', timeoutMs: 5000 });
    await until(async () => (await reader.list({ limit: 1 })).entries.length > 0, {
      what: 'it is written',
      timeoutMs: 5000,
    });
    writer.record(entryFor({ requestId: 'last' }));
    const isThere = async (): Promise<boolean> => (await reader.find('last')) !== null;
    await until(isThere, { what: 'the last is written', timeoutMs: 5000 });
  });

  it('buffers a bounded amount while Redis is unavailable, and writes it afterwards', async () => {
    const namespace = openNamespace();
    const { writer, skipped, reader } = await openWriter(namespace);
    await Promise.all([once(namespace.redis, 'end'), namespace.redis.quit()]);
    const body = new Uint8Array(63 * 1024);
    for (let index = 0; index < 100; index += 1) writer.record(entryFor({ requestId: `r${index}`, body }));
    expect(skipped).toEqual({ overflow: 36 });
    await writer.flush();
    await namespace.redis.connect();
    await writer.flush();
    expect((await reader.list({ limit: 1000 })).entries).toHaveLength(64);
  });
});

describe('the reader of the journal', () => {
  it('returns page after page without gaps or repeats', async () => {
    const { writer, reader } = await openWriter(openNamespace());
    for (let index = 0; index < 500; index += 1) {
      const outcome = index % 10 === 0 ? ('forged' as const) : ('accepted' as const);
      const body = new TextEncoder().encode(`${index}`);
      writer.record(entryFor({ outcome, body, requestId: `r${index}`, receivedAt: 1_700_000_000_000 + index * 1000 }));
    }
    await writer.flush();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof reader.list>> = await reader.list({ limit: 7, cursor });
      seen.push(...page.entries.map(({ requestId }) => requestId));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).toHaveLength(500);
    expect(new Set(seen).size).toBe(500);
  });

  it('follows new entries without missing one after its first batch, which is empty', async () => {
    const { writer, reader } = await openWriter(openNamespace());
    const write = async (requestId: string): Promise<void> => {
      writer.record(entryFor({ requestId }));
      await writer.flush();
    };
    await write('before');
    const ending = new AbortController();
    const batches = reader.follow(ending.signal);
    expect(await batches.next()).toEqual({ done: false, value: [] });
    await write('after');
    const { value } = await batches.next();
    expect(value?.map(({ requestId }: JournalEntry) => requestId)).toEqual(['after']);
    ending.abort();
    expect(await batches.next()).toMatchObject({ done: true });
  });
});
