import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faults } from './suite/faults.ts';
import { mutate } from './suite/mutation.ts';
import { mutations } from './suite/mutations.ts';
import { scenarios } from './suite/scenarios.ts';

const page = readFileSync('docs/reliability.md', 'utf8');
const rows = [
  ...Object.entries(scenarios).map(([name, { what }]) => `| \`${name}\` | ${what} |`),
  ...Object.entries(faults).map(([name, { what }]) => `| \`${name}\` | ${what} |`),
  ...mutations.map(({ name, what }) => `| \`${name}\` | ${what} |`),
];

describe('docs/reliability.md', () => {
  it.each(rows)('has the row %s', (row) => {
    expect(page).toContain(row);
  });
});

describe('a mutation', () => {
  it.each(mutations)('$name fits the sources', async (mutation) => {
    await using mutated = mutate(mutation);
    expect(mutated.path).toMatch(/src$/);
  });
});
