import { globSync, readFileSync } from 'node:fs';
import { findProblems, type Problem } from './find-problems.ts';

/** Everything that people read. */
const FILES = [
  '*.md',
  '.env.example',
  'Dockerfile',
  '*.yml',
  '{src,scripts,test}/**/*.{ts,mjs,lua}',
  'docs/**/*.{md,ts,mjs,py}',
  'docker/**/*.{json,mjs,yml,yaml,conf,tpl,txt}',
];
/** These two contain the refused phrases on purpose. */
const EXCEPT = ['scripts/prose/patterns.ts', 'test/unit/prose.test.ts'];

/** The problems of all files, or of those whose paths start with one of the prefixes. */
export const checkFiles = (prefixes: readonly string[] = []): readonly Problem[] =>
  globSync(FILES, { exclude: ['test/fixtures/**', 'docs/.vitepress/**'] })
    .filter((path) => !EXCEPT.includes(path))
    .filter((path) => prefixes.length === 0 || prefixes.some((prefix) => path.startsWith(prefix)))
    .sort()
    .flatMap((path) => findProblems(path, readFileSync(path, 'utf8')));

/** `path:line: "phrase" → what to write`. */
export const formatProblem = ({ path, line, found, instead }: Problem): string =>
  `${path}:${line}: "${found}" → ${instead}`;
