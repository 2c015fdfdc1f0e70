import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withTables } from '../../src/core/markdown.ts';
import { sandboxDocTables } from '../../src/sandbox/sandbox-doc-tables.ts';

it('keeps docs/sandbox.md true to the tables of the code', () => {
  const page = readFileSync('docs/sandbox.md', 'utf8');
  expect(page).toBe(withTables(page, sandboxDocTables()));
});
