import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { append, callback, open, openFor, texts } from './support.ts';

describe('a callback that is set aside', () => {
  it('is no longer waiting, remains set aside after a restart, and is reported once', async () => {
    const dir = temporaryFolder();
    const first = open(dir);
    for (const text of ['a', 'b', 'c']) await append(first, text);
    const [, entry] = first.listWaiting(0, 10);
    if (entry === undefined) throw new Error('there are three');
    first.setAside(entry, 99, 'ReplyError: WRONGTYPE');
    first[Symbol.dispose]();
    const second = openFor(dir);
    expect([texts(second), second.count, second.aside.count]).toEqual([['a', 'c'], 2, 1]);
    const [reported] = second.aside.unreported(10);
    expect(reported).toMatchObject({ seq: 2, setAsideAt: 99, reason: 'ReplyError: WRONGTYPE', merchant: 'default' });
    if (reported !== undefined) second.aside.markReported(reported);
    expect(second.aside.unreported(10)).toEqual([]);
    expect(second.aside.list(10)).toHaveLength(1);
  });

  it('can be retried or discarded, once', async () => {
    const spool = openFor(temporaryFolder());
    for (const text of ['a', 'b']) await append(spool, text);
    for (const entry of spool.listWaiting(0, 10)) spool.setAside(entry, 99, 'reason');
    expect([spool.aside.retry(1), spool.aside.retry(1), spool.aside.discard(2), spool.aside.discard(2)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([texts(spool), spool.count, spool.aside.count]).toEqual([['a'], 1, 0]);
  });
});

describe('a callback that is repeated', () => {
  it('is stored once, even with a different body, concurrently or later, and in a full spool', async () => {
    const spool = openFor(temporaryFolder(), 100_000);
    const padded = { ...callback(' '.repeat(60_000)), receivedAt: 8 };
    await Promise.all([append(spool, 'a'), spool.append(padded, 'a')]);
    await spool.append(padded, 'a');
    await append(spool, 'x'.repeat(99_000));
    await spool.append(padded, 'a');
    expect(texts(spool)).toEqual(['a', 'x'.repeat(99_000)]);
    expect(spool.count).toBe(2);
  });

  it('is stored separately for another address or merchant', async () => {
    const spool = openFor(temporaryFolder());
    await append(spool, 'a');
    await spool.append({ ...callback('a'), product: 'ekyc' }, 'a');
    await spool.append({ ...callback('a'), merchant: 'other' }, 'a');
    expect(spool.count).toBe(3);
  });
});

/** Room for more than one file, in bytes. */
const LARGE = 100_000_000;

describe('a spool file that another process left', () => {
  it('is taken over step by step, never using much more disk space than its size', async () => {
    const dir = temporaryFolder();
    const [one, two] = [open(dir, LARGE), open(dir, LARGE)];
    const body = 'x'.repeat(20_000);
    await Promise.all(Array.from({ length: 500 }, (_, index) => append(two, `${index} ${body}`)));
    one[Symbol.dispose]();
    two[Symbol.dispose]();
    const sizes = (): number => readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    const before = sizes();
    const spool = openFor(dir, LARGE);
    expect(spool.count).toBe(500);
    let most = 0;
    let moved = 0;
    for (let batch = spool.listWaiting(0, 50); batch.length > 0; batch = spool.listWaiting(0, 50)) {
      most = Math.max(most, sizes());
      moved += batch.length;
      spool.remove(batch);
    }
    expect(moved).toBe(500);
    expect(most).toBeLessThan(before + 5_000_000);
    expect(readdirSync(dir)).not.toContain('spool-2.sqlite');
  });

  it('of version 0.1 keeps its callbacks', () => {
    const dir = temporaryFolder();
    const file = new DatabaseSync(join(dir, 'spool.sqlite'));
    file.exec(`CREATE TABLE spool (seq INTEGER PRIMARY KEY AUTOINCREMENT, merchant TEXT NOT NULL, product TEXT,
      received_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
      INSERT INTO spool (merchant, product, received_at, body) VALUES ('default', 'payout', 7, x'6f6c64');`);
    file.close();
    expect(texts(openFor(dir, LARGE))).toEqual(['old']);
  });
});
