import { describe, expect, it } from 'vitest';
import { formatTime } from '../../src/cli/format.ts';
import type { Screen } from '../../src/cli/io.ts';
import { type Column, showTable } from '../../src/cli/table.ts';
import { fakeIo } from './support.ts';

type Payment = { readonly id: string; readonly amount: number; readonly remark: string | null };

const rows: readonly Payment[] = [
  { id: 'D1001653961040053795', amount: 5, remark: 'a remark that is longer than what fits beside the rest' },
  { id: 'D1', amount: 312500, remark: null },
];
const columns: readonly Column<Payment>[] = [
  { title: 'ID', text: ({ id }) => id, isId: true },
  {
    title: 'AMOUNT',
    text: ({ amount }) => amount,
    align: 'right',
    style: ({ amount }) => (amount < 100 ? 'red' : undefined),
  },
  { title: 'REMARK', text: ({ remark }) => remark },
];
const screen: Screen = { columns: 50, hasColor: false, timeZone: 'Asia/Manila' };

const show = (shown: Screen | null, given = rows, json = false): string => {
  const { io, written } = fakeIo({ screen: shown });
  showTable(io, { rows: given, columns, json });
  return written.out;
};

describe('a table of the command line', () => {
  it('has headers and fits the width of a terminal, cutting ids last', () => {
    expect(show(screen).split('\n')).toEqual([
      'ID                    AMOUNT  REMARK',
      'D1001653961040053795       5  a remark that is lo…',
      'D1                    312500  -',
      '',
    ]);
    const narrow = show({ ...screen, columns: 24 }).split('\n');
    expect(narrow[1]).toBe('D100165…       5  a rem…');
  });

  it('counts the cells that wide characters take', () => {
    const [, first = ''] = show({ ...screen, columns: 30 }, [
      { id: '支払い支払い支払い', amount: 1, remark: '支払い' },
    ]).split('\n');
    expect(first).toBe('支払い支払い…        1  支払い');
  });

  it('has colours only if the terminal shows them', () => {
    expect(show(screen)).not.toContain('\u001B');
    expect(show({ ...screen, hasColor: true })).toContain('\u001B[31m     5\u001B[39m');
  });

  it('is one line per row in a file or a pipe, with nothing cut and no header', () => {
    expect(show(null)).toBe(
      'D1001653961040053795  5  a remark that is longer than what fits beside the rest\nD1  312500  -\n',
    );
  });

  it('is an array of the rows with --json, numbers as numbers', () => {
    expect(JSON.parse(show(screen, rows, true))).toEqual(rows);
  });

  it('reports on stderr if there are no rows', () => {
    const { io, written } = fakeIo({ screen });
    showTable(io, { rows: [], columns, json: false });
    expect(written).toEqual({ out: '', err: 'Nothing found.\n' });
  });
});

describe('a time of the command line', () => {
  const time = Date.parse('2026-11-26T17:24:07.123Z');

  it.each([
    ['Asia/Manila', '2026-11-27 01:24:07 +08:00'],
    ['America/St_Johns', '2026-11-26 13:54:07 -03:30'],
    ['UTC', '2026-11-26 17:24:07 +00:00'],
  ])('is local with its offset on a terminal in %s', (timeZone, shown) => {
    expect(formatTime(fakeIo({ screen: { ...screen, timeZone } }).io, time)).toBe(shown);
  });

  it('is ISO 8601 in UTC for programs', () => {
    expect(formatTime(fakeIo().io, time)).toBe('2026-11-26T17:24:07.123Z');
  });
});
