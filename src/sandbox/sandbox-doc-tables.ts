import { markdownTable } from '../core/markdown.ts';
import { refusals } from './refusals.ts';
import { amountRules } from './rules.ts';

/** The tables of docs/sandbox.md, made from the tables of the code. */
export const sandboxDocTables = (): { readonly rules: string; readonly refusals: string } => ({
  rules: markdownTable(
    ['amount ends in', 'ends as', 'failedCode', 'what happens'],
    amountRules.map(({ ending, status, failedCode, meaning }) => [
      `.${String(ending).padStart(2, '0')}`,
      status,
      failedCode === null ? '' : String(failedCode),
      meaning,
    ]),
  ),
  refusals: markdownTable(
    ['code', 'message', 'when'],
    Object.entries(refusals).map(([code, { message, when }]) => [code, message, when]),
  ),
});
