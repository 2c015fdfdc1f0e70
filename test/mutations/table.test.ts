import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutations } from './all.ts';

const HEADER = '| defence | against | proved by |';

/** The rows of the table of defences: the first cell, and the tests that the row links to. */
const rows = (() => {
  const text = readFileSync('docs/security.md', 'utf8');
  const [, , ...lines] = text.slice(text.indexOf(HEADER)).split('\n\n')[0]?.split('\n') ?? [];
  return lines.map((line) => {
    const [first = ''] = line.replace(/^\| /, '').split(' | ');
    return { first, tests: [...line.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, path = '']) => path) };
  });
})();

describe('the table of defences', () => {
  it.each(rows)('has a mutation that a test of the row detects: $first', ({ first, tests }) => {
    const mutationsOfRow = mutations.filter(({ row }) => row !== undefined && first.startsWith(row));
    expect(mutationsOfRow.flatMap((it) => it.tests).filter((test) => tests.includes(test))).not.toEqual([]);
  });

  it('has more than 25 rows', () => {
    expect(rows.length).toBeGreaterThan(25);
  });
});

describe('a mutation', () => {
  it.each(mutations)('fits the sources and names existing tests: $name', ({ file, from, row, tests }) => {
    expect(readFileSync(file, 'utf8').split(from)).toHaveLength(2);
    expect(tests.filter((test) => !existsSync(test))).toEqual([]);
    expect(rows.filter(({ first }) => row !== undefined && first.startsWith(row))).toHaveLength(
      row === undefined ? 0 : 1,
    );
  });
});
