import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startSandboxDay } from './sandbox-day.ts';

const PAGE = 'docs/reconciliation.md';
/** `npm run reconcile:report` writes the report into the page. */
const isWriting = process.env['REPORT'] === 'write';

const screen = { columns: 130, hasColor: false, timeZone: 'Asia/Manila' };

/** The report in the page is the block after this line. */
const HEAD = 'prints:\n\n```\n';
const partsOf = (page: string): readonly [before: string, report: string, after: string] => {
  const start = page.indexOf(HEAD, page.indexOf('A sandbox day with one of each kind')) + HEAD.length;
  const end = page.indexOf('```', start);
  return [page.slice(0, start), page.slice(start, end), page.slice(end)];
};

/** A report without the parts that differ between runs: times, ids, and the ends of truncated summaries. */
const shapeOf = (report: string): readonly string[] =>
  report
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replace(/(?:PayCools reports|PayCools names|The row|It was|It has) .*/, '…')
        .replaceAll(/run_[0-9a-f]+/g, 'run_…')
        .replaceAll(/[CD]\d{8,}/g, 'ID')
        .replaceAll(/\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?/g, 'TIME')
        .replaceAll(/ {2,}/g, '  '),
    )
    .toSorted();

it('a sandbox day produces one finding of each kind, and docs/reconciliation.md shows its report', {
  timeout: 60_000,
}, async () => {
  const { run, later } = await startSandboxDay();
  const dry = await run(['reconcile', '--from', 'today'], { ms: 0 });
  expect([dry.code, dry.err]).toEqual([0, '']);
  const { code, out, err } = await run(['reconcile', '--from', '2d', '--apply'], { ms: later, screen });
  expect([code, err]).toEqual([0, '']);
  const [before, shown, after] = partsOf(readFileSync(PAGE, 'utf8'));
  if (isWriting) writeFileSync(PAGE, `${before}${out}${after}`);
  else expect(shapeOf(out)).toEqual(shapeOf(shown));
  const kinds = [...out.matchAll(/^(\S+) +(?:payout|unknown) +INV-/gm)].map(([, kind]) => kind);
  expect(kinds.toSorted()).toEqual([
    'amount-mismatch',
    'missing',
    'order-mismatch',
    'status-mismatch',
    'stuck-pending',
    'unknown-to-paycools',
    'unreadable',
  ]);
});
