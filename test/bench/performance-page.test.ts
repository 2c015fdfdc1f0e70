import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { figures } from './suite/report.ts';
import { type Results, readResults } from './suite/results.ts';

test('the figures of docs/performance.md are those of the committed results', () => {
  expect(readFileSync('docs/performance.md', 'utf8')).toContain(figures(readResults() as Results));
});
