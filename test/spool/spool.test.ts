import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSpool } from '../../src/spool/open-spool.ts';
import { temporaryFolder } from '../support/folder.ts';
import { append, callback, open, openFor, texts } from './support.ts';

describe('the spool', () => {
  it('returns what was appended, in order', async () => {
    const spool = openFor(temporaryFolder());
    await spool.append({ ...callback('one'), product: null }, 'one');
    await append(spool, 'two');
    expect(spool.listWaiting(0, 10)).toMatchObject([
      { seq: 1, merchant: 'default', product: null, receivedAt: 7 },
      { seq: 2, product: 'payout' },
    ]);
    expect(texts(spool)).toEqual(['one', 'two']);
    expect([spool.count, spool.oldestReceivedAt()]).toEqual([2, 7]);
  });

  it('keeps everything across a restart except what was removed', async () => {
    const dir = temporaryFolder();
    const first = open(dir);
    await Promise.all(['a', 'b', 'c'].map((text) => append(first, text)));
    first.remove(first.listWaiting(0, 1));
    first[Symbol.dispose]();
    const second = openFor(dir);
    expect([second.count, texts(second)]).toEqual([2, ['b', 'c']]);
  });

  it('has every callback on disk whose append has resolved when the process is killed', () => {
    const dir = temporaryFolder();
    const script = `
      const { openSpool } = await import('./src/spool/open-spool.ts');
      const { value: spool } = openSpool(${JSON.stringify(dir)}, 1e9);
      for (let index = 0; index < 20; index += 1) {
        await spool.append({ merchant: 'm', product: null, receivedAt: 1, body: Buffer.from('n' + index) }, 'n' + index);
        console.log(index);
      }
      process.kill(process.pid, 'SIGKILL');`;
    const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect([signal, stdout.trim().split('\n').length]).toEqual(['SIGKILL', 20]);
    expect(openFor(dir).count).toBe(20);
  });

  it('writes callbacks that arrive together in one commit', async () => {
    const dir = temporaryFolder();
    const spool = openFor(dir);
    await append(spool, 'first');
    const before = statSync(join(dir, 'spool.sqlite-wal')).size;
    await Promise.all(Array.from({ length: 100 }, (_, index) => append(spool, `n${index}`)));
    const grown = statSync(join(dir, 'spool.sqlite-wal')).size - before;
    expect(grown).toBeLessThan(20 * 4096); // one commit per callback would take over 100 pages
    expect(spool.count).toBe(101);
  });

  it('accepts no more than its limit, reports this, and accepts more once there is room again', async () => {
    const spool = openFor(temporaryFolder(), 100_000);
    expect(spool.problem()).toBeNull();
    await append(spool, 'x'.repeat(50_000));
    expect(spool.problem()).toBeNull();
    await append(spool, 'x'.repeat(40_000));
    expect(spool.problem()).toContain('raise SPOOL_MAX_BYTES');
    await expect(append(spool, 'y'.repeat(60_000))).rejects.toThrow('full');
    await append(spool, 'small');
    expect(texts(spool)).toHaveLength(3);
    spool.remove(spool.listWaiting(0, 10));
    expect(spool.problem()).toBeNull();
  });

  it('and its log and reserve are readable by their owner only', async () => {
    const dir = temporaryFolder();
    await append(openFor(dir), 'payment');
    const modes = readdirSync(dir).map((name) => [name, (statSync(join(dir, name)).mode & 0o777).toString(8)]);
    expect(Object.fromEntries(modes)).toEqual({
      'spool.sqlite': '600',
      'spool.sqlite-wal': '600',
      'spool.sqlite.reserve': '600',
    });
  });

  it('leaves a damaged file untouched and reports what to do', () => {
    const dir = temporaryFolder();
    const path = join(dir, 'spool.sqlite');
    writeFileSync(path, 'this is no database '.repeat(500));
    const before = readFileSync(path);
    const opened = openSpool(dir, 1e6);
    expect(!opened.ok && opened.error).toContain('move the damaged file away');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('detects damage inside the file when it is opened', async () => {
    const dir = temporaryFolder();
    const first = open(dir);
    await append(first, 'x'.repeat(20_000));
    first[Symbol.dispose]();
    const path = join(dir, 'spool.sqlite');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096, bytes.length);
    writeFileSync(path, bytes);
    expect(openSpool(dir, 1e6).ok).toBe(false);
  });

  it('reports a folder that cannot be created', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(openSpool(join(file, 'spool'), 1e6)).toMatchObject({ ok: false });
  });

  it('gives each process that shares a folder its own file', async () => {
    const dir = temporaryFolder();
    const [one, two] = [openFor(dir), openFor(dir)];
    await append(one, 'one');
    await append(two, 'two');
    expect([texts(one), texts(two)]).toEqual([['one'], ['two']]);
    expect(readdirSync(dir).filter((name) => name.endsWith('.sqlite'))).toEqual(['spool-2.sqlite', 'spool.sqlite']);
  });

  it('takes over the callbacks of a process that has ended', async () => {
    const dir = temporaryFolder();
    const [one, two] = [open(dir), open(dir)];
    await append(one, 'of one');
    await append(two, 'of two');
    one[Symbol.dispose]();
    two[Symbol.dispose]();
    expect(texts(openFor(dir))).toEqual(['of one', 'of two']);
    expect(readdirSync(dir).filter((name) => name.endsWith('.sqlite'))).toEqual(['spool.sqlite']);
  });
});
