// `npm run prose`: refuses phrases that this project does not use (prose/patterns.ts) in everything that people read.
// `--report` lists them and succeeds. Paths after it limit the check to files that begin with one of them.
import { globSync, readFileSync } from 'node:fs';
import { findProblems } from './prose/find-problems.ts';

const FILES = [
  '*.md',
  '.env.example',
  'Dockerfile',
  '*.yml',
  '{src,scripts,test}/**/*.{ts,mjs,lua}',
  'docs/**/*.{md,ts,mjs,py}',
  'docker/**/*.{json,mjs,yml,yaml,conf,tpl,txt}',
];
/** The list of refused phrases, and a test that plants them. */
const EXCEPT = ['scripts/prose/patterns.ts', 'test/unit/prose.test.ts'];

const words = process.argv.slice(2);
const prefixes = words.filter((word) => !word.startsWith('--'));
const paths = globSync(FILES, { exclude: ['test/fixtures/**'] })
  .filter((path) => !EXCEPT.includes(path))
  .filter((path) => prefixes.length === 0 || prefixes.some((prefix) => path.startsWith(prefix)))
  .sort();
const problems = paths.flatMap((path) => findProblems(path, readFileSync(path, 'utf8')));
for (const { path, line, found, instead } of problems) console.log(`${path}:${line}: "${found}" → ${instead}`);
console.log(`${problems.length} phrases to replace in ${paths.length} files`);
if (problems.length > 0 && !words.includes('--report')) process.exitCode = 1;
