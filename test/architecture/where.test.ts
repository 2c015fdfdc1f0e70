import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const section =
  /## Where is it decided\?\n([\s\S]*?)\n## /.exec(readFileSync('docs/architecture.md', 'utf8'))?.[1] ?? '';

/** The rows: what is decided, the first file named, and the name to look for. */
const rows = [...section.matchAll(/^\| ([^|]+) \| `([^`]+)`[^|]* \| `(\w+)` \|$/gm)].map(([, what, file, name]) => ({
  what,
  file: file ?? '',
  name: name ?? '',
}));

it('every row of "Where is it decided?" has a file and a name', () => {
  expect(rows).toHaveLength((section.match(/^\| /gm)?.length ?? 0) - 2);
});

it.each(rows)('$what is in $file', ({ file, name }) => {
  expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`\\b${name}\\b`));
});
