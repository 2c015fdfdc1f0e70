import { readFileSync } from 'node:fs';
import { refusals } from '../../src/sandbox/refusals.ts';
import { amountRules } from '../../src/sandbox/rules.ts';
import { table, withTables } from './markdown.ts';

const rulesTable = (): string =>
  table(
    ['amount ends in', 'ends as', 'failedCode', 'what happens'],
    amountRules.map(({ ending, status, failedCode, meaning }) => [
      `.${String(ending).padStart(2, '0')}`,
      status,
      failedCode === null ? '' : String(failedCode),
      meaning,
    ]),
  );

const refusalsTable = (): string =>
  table(
    ['code', 'message', 'when'],
    Object.entries(refusals).map(([code, { message, when }]) => [code, message, when]),
  );

/** docs/sandbox.md: written by hand, with generated tables. */
export const sandboxPage = (): string =>
  withTables(readFileSync('docs/sandbox.md', 'utf8'), { rules: rulesTable(), refusals: refusalsTable() });
