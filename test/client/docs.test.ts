import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { clientDocTables } from '../../src/client/client-doc-tables.ts';
import { withTables } from '../../src/core/markdown.ts';

it('keeps docs/client.md true to the tables of the code', () => {
  const page = readFileSync('docs/client.md', 'utf8');
  expect(page).toBe(withTables(page, clientDocTables()));
});

it('does not put a table into a page that is not there', () => {
  expect(() => withTables('<!-- table: prices -->\n<!-- end -->', {})).toThrow('there is no table prices');
});
