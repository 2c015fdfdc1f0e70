import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/receive/journal.ts';
import { payoutFields, post, postPayout, sign } from '../support/callback.ts';
import { entryFor, openWriter, readerOf } from '../support/journal.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';
import { startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const DAY_MS = 86_400_000;

const requestsIn = (entries: readonly JournalEntry[]): string[] => entries.map(({ requestId }) => requestId);

/** The memory of all keys of a namespace, and of those of its journal, in bytes. */
const bytesIn = async ({ redis, prefix }: Namespace) => {
  const bytes = new Map<string, number>();
  for (const key of await redis.keys(`${prefix}:*`)) bytes.set(key, Number(await redis.memory('USAGE', key)));
  const all = [...bytes.values()].reduce((sum, it) => sum + it, 0);
  return { all, journal: bytes.get(`${prefix}:{journal}:genuine`) };
};

describe('a repeat', () => {
  it('is counted on the first entry and takes no memory, however it is padded', async () => {
    const { publicUrl, namespace } = await startTestService();
    const body = sign(payoutFields());
    const padded = [
      `{${' '.repeat(60_000)}${body.slice(1)}`,
      `{"x":null,"y":"","z":"",${body.slice(1)}`,
      body.replace('312500', '312500\n'),
      `{${Array.from({ length: 500 }, (_, index) => `"pad${index}":null`).join()},${body.slice(1)}`,
    ];
    await post(`${publicUrl}/callbacks/payout`, body);
    await postPayout(publicUrl, { transactionId: 'D-OTHER' });
    const reader = readerOf(namespace);
    const entries = async () => (await reader.list({ limit: 100 })).entries;
    await until(async () => (await entries()).length === 2, { what: 'both are recorded', timeoutMs: 5000 });
    const before = await bytesIn(namespace);
    for (let round = 0; round < 25; round += 1) {
      await Promise.all(padded.map((copy) => post(`${publicUrl}/callbacks/payout`, copy)));
    }
    const counted = async () => (await entries()).find(({ repeats }) => repeats !== undefined)?.repeats?.count;
    await until(async () => (await counted()) === 100, { what: 'all repeats are counted', timeoutMs: 5000 });
    const [, first] = await entries();
    expect(first).toMatchObject({ outcome: 'accepted', body: Buffer.from(body) });
    expect(Date.now() - (first?.repeats?.lastReceivedAt ?? 0)).toBeLessThan(10_000);
    const after = await bytesIn(namespace);
    expect(after.journal).toBe(before.journal);
    expect(after.all - before.all).toBeLessThan(10_000); // one entry per repeat, of any kind, would take more
  });

  it('with another outcome has its own entry', async () => {
    const { writer, reader } = await openWriter(openNamespace());
    for (const outcome of ['unavailable', 'unavailable', 'accepted', 'duplicate', 'duplicate'] as const) {
      writer.record(entryFor({ outcome, identity: 'a=1' }));
      await writer.flush();
    }
    const { entries } = await reader.list({ limit: 10 });
    expect(entries.map(({ outcome, repeats }) => [outcome, repeats?.count])).toEqual([
      ['accepted', 2],
      ['unavailable', 1],
    ]);
  });

  it('of a callback that was first padded is recorded without the padding', async () => {
    const { publicUrl, namespace } = await startTestService();
    const body = sign(payoutFields());
    await post(`${publicUrl}/callbacks/payout`, `{"x":"",${' '.repeat(60_000)}${body.slice(1)}`);
    const reader = readerOf(namespace);
    await until(async () => (await reader.list({ limit: 1 })).entries.length === 1, { what: 'it', timeoutMs: 5000 });
    const [entry] = (await reader.list({ limit: 1 })).entries;
    expect(JSON.parse(Buffer.from(entry?.body ?? []).toString())).toEqual(JSON.parse(body));
    expect(entry?.body?.length).toBeLessThan(body.length + 1);
  });
});

describe('the journal', () => {
  it('keeps the newest JOURNAL_MAX_ENTRIES, and repeats displace nothing', async () => {
    const namespace = openNamespace();
    const { writer, reader } = await openWriter(namespace, { maxEntries: 100 });
    for (let index = 0; index < 130; index += 1)
      writer.record(entryFor({ requestId: `r${index}`, identity: `${index}` }));
    await writer.flush();
    for (let index = 0; index < 1000; index += 1) {
      writer.record(entryFor({ requestId: `d${index}`, identity: '129', outcome: 'duplicate' }));
    }
    await writer.flush();
    const { entries } = await reader.list({ limit: 1000 });
    expect(requestsIn(entries)).toEqual(Array.from({ length: 100 }, (_, index) => `r${129 - index}`));
    expect(entries[0]?.repeats?.count).toBe(1000);
    const { prefix, redis } = namespace;
    expect(await redis.hlen(`${prefix}:{journal}:genuine:digests`)).toBe(100 + 1);
    expect(await redis.llen(`${prefix}:{journal}:genuine:order`)).toBe(100);
    expect(await redis.hlen(`${prefix}:{journal}:genuine:repeats`)).toBe(2);
  });

  it('removes entries of an earlier version first, and is not confused by an entry that was deleted by hand', async () => {
    const namespace = openNamespace();
    const { prefix, redis } = namespace;
    const { writer, reader } = await openWriter(namespace, { maxEntries: 4 });
    const stream = `${prefix}:{journal}:genuine`;
    const present = async () => requestsIn((await reader.list({ limit: 10 })).entries);
    const record = async (requestId: string): Promise<void> => {
      writer.record(entryFor({ requestId, identity: requestId }));
      await writer.flush();
    };
    for (const requestId of ['old1', 'old2', 'old3']) {
      const meta = JSON.stringify(entryFor({ requestId }).meta);
      await redis.xadd(stream, '*', 'meta', meta, 'plain', '{}', 'key', `accepted:${requestId}`);
    }
    for (const requestId of ['a', 'b', 'c']) await record(requestId);
    expect(await present()).toEqual(['c', 'b', 'a', 'old3']);
    const [, second] = await redis.xrange(stream, '-', '+');
    await redis.xdel(stream, second?.[0] ?? '');
    for (const requestId of ['d', 'e', 'f']) await record(requestId);
    expect(await present()).toEqual(['f', 'e', 'd', 'c']);
    expect(await redis.llen(`${stream}:order`)).toBe(4);
  });

  it('is also bounded in bytes', async () => {
    const namespace = openNamespace();
    const { writer } = await openWriter(namespace, { maxEntries: 100 });
    for (let index = 0; index < 60; index += 1) writer.record(entryFor({ body: new Uint8Array(60_000).fill(65) }));
    await writer.flush();
    expect(await namespace.redis.xlen(`${namespace.prefix}:{journal}:genuine`)).toBe(6);
  });

  it('keeps the entries of other sources when one floods it with forgeries', async () => {
    const { writer, reader, skipped } = await openWriter(openNamespace(), { maxEntries: 100 });
    const start = 1_700_000_000_000;
    const forged = (source: string, index: number): void =>
      writer.record(
        entryFor({ outcome: 'forged', source, body: bytesOf(`${index}`), receivedAt: start + index * 1000 }),
      );
    forged('203.0.113.1', 0);
    forged('203.0.113.2', 1);
    for (let index = 2; index < 40; index += 1) {
      forged('198.51.100.9', index);
      await writer.flush();
    }
    const { entries } = await reader.list({ limit: 100 });
    expect(entries).toHaveLength(10);
    expect(entries.slice(-2).map(({ source }) => source)).toEqual(['203.0.113.2', '203.0.113.1']);
    expect(entries[0]?.receivedAt).toBe(start + 39_000);
    expect(skipped).toEqual({});
  });

  it('samples a flood from one source, counts skipped entries, and still records another source', async () => {
    const { writer, reader, skipped } = await openWriter(openNamespace());
    for (let index = 0; index < 1000; index += 1) {
      writer.record(
        entryFor({ outcome: 'forged', source: `2001:db8::${index.toString(16)}`, body: bytesOf(`${index}`) }),
      );
    }
    writer.record(entryFor({ outcome: 'forged', source: '203.0.113.1', requestId: 'other' }));
    await writer.flush();
    expect(skipped).toEqual({ sampled: 950 });
    expect(await reader.find('other')).not.toBeNull();
  });

  it('removes entries after JOURNAL_DAYS by the clock of Redis', async () => {
    const namespace = openNamespace();
    const { writer, reader } = await openWriter(namespace, { retentionMs: 300 });
    const stays = async (): Promise<boolean> => (await reader.list({ limit: 10 })).entries.length < 2;
    writer.record(entryFor({ requestId: 'old' }));
    await writer.flush();
    await until(
      async () => {
        writer.record(entryFor({ requestId: 'new' }));
        await writer.flush();
        return (await reader.find('old')) === null;
      },
      { what: 'the old entry is gone', timeoutMs: 5000 },
    );
    expect(await namespace.redis.pttl(`${namespace.prefix}:{journal}:genuine`)).toBeLessThanOrEqual(300);
    await until(stays, { what: 'the others are gone as well', timeoutMs: 5000 });
  });

  it('loses no entry to a receiver whose clock is ahead', async () => {
    const { namespace, ...right } = await startTestService();
    await postPayout(right.publicUrl);
    const env = { QUEUE_PREFIX: namespace.prefix, REDIS_URL: namespace.url };
    const ahead = await startTestService({ env, now: () => Date.now() + 45 * DAY_MS });
    await postPayout(ahead.publicUrl, { transactionId: 'D-AHEAD' });
    const reader = readerOf(namespace);
    await until(async () => (await reader.list({ limit: 9 })).entries.length === 2, { what: 'both', timeoutMs: 5000 });
  });
});
