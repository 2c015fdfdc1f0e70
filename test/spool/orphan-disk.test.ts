import { describe, expect, it, onTestFinished } from 'vitest';
import { openSpool } from '../../src/spool/open-spool.ts';
import type { SqliteSpool } from '../../src/spool/sqlite-spool.ts';
import { canMount, openSmallDisk } from '../faults/suite/disks.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';

const BODY = 62_000;
const BATCH = 100;
const MAX_BYTES = 1_000_000_000;

const hasDisks = canMount();
if (!hasDisks) process.stderr.write('spool: no disk of a given size, because this user may not mount one\n');
const isLarge = process.env['LARGE_ORPHAN'] !== undefined;
if (!isLarge) process.stderr.write('spool: an orphan of 160 MB is tested by npm run test:orphans\n');

const open = (dir: string): SqliteSpool => {
  const opened = openSpool(dir, MAX_BYTES);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const append = async (spool: SqliteSpool, numbers: readonly number[]): Promise<void> => {
  for (let first = 0; first < numbers.length; first += BATCH) {
    const all = numbers.slice(first, first + BATCH).map((number) => {
      const body = Buffer.from(`${number} `.padEnd(BODY, 'x'));
      return spool.append({ merchant: 'default', product: 'payout', receivedAt: 7, body }, String(number));
    });
    await Promise.all(all);
  }
};

/** The numbers of all callbacks, in the order in which they are drained. */
const drain = (spool: SqliteSpool): number[] => {
  const moved: number[] = [];
  for (let batch = spool.listWaiting(0, BATCH); batch.length > 0; batch = spool.listWaiting(0, BATCH)) {
    moved.push(...batch.map(({ body }) => Number.parseInt(Buffer.from(body.subarray(0, 10)).toString(), 10)));
    spool.remove(batch);
  }
  return moved;
};

const disks = [{ entries: 1000, disk: '160m' }, ...(isLarge ? [{ entries: 2600, disk: '200m' }] : [])];

describe.runIf(hasDisks)('a spool file that another process left', () => {
  it.each(disks)(
    'with $entries callbacks of 62 kB is drained on a disk of $disk',
    async ({ entries, disk }) => {
      const dir = temporaryFolder();
      disposeWithTest(openSmallDisk(dir, disk));
      const [holder, left] = [open(dir), open(dir)];
      await append(left, upTo(entries));
      left[Symbol.dispose]();
      holder[Symbol.dispose]();
      const spool = open(dir);
      onTestFinished(() => spool[Symbol.dispose]());
      expect(spool.problem()).toBeNull();
      await append(spool, [entries]); // new callbacks have room
      expect(drain(spool).sort((a, b) => a - b)).toEqual(upTo(entries + 1));
    },
    120_000,
  );
});
