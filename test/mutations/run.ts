// `node test/mutations/run.ts [word]`: takes each rule of the tables beside this file out of a copy of the sources, and
// runs the tests that must notice. Part of `npm run test:mutations`; a word chooses the mutations whose name holds it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mutations } from './all.ts';
import type { Mutation } from './mutation.ts';

const COPIED = [
  '.env.example',
  'Dockerfile',
  'LICENSE',
  'src',
  'test',
  'scripts',
  'docs',
  'package.json',
  'tsconfig.json',
];

const copyTo = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  for (const name of COPIED) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
};

/** Tests that start the built receiver. */
const OF_BUILT = new Set(['test/soak/soak.test.ts']);

const build = (folder: string): void => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`it does not build:\n${stderr}`);
};

/** How many tests fail. A run without any test proves nothing, so it is an error. */
const countFailures = (folder: string, tests: readonly string[]): number => {
  if (tests.some((test) => OF_BUILT.has(test))) build(folder);
  const words = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/mutations/vitest.config.ts', ...tests];
  const { stdout } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
  const [, passed = '0', failed = '0'] = /^(\d+) passed, (\d+) failed/m.exec(stdout) ?? [];
  if (Number(passed) + Number(failed) === 0) throw new Error(`no test ran:\n${stdout}`);
  return Number(failed);
};

const failuresWith = (folder: string, { file, from, to, tests }: Mutation): number => {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`the mutation no longer fits ${file}: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  try {
    return countFailures(folder, tests);
  } finally {
    writeFileSync(path, text);
  }
};

const folder = `.data/mutations-${process.pid}`;
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
copyTo(folder);
const word = process.argv[2] ?? '';

/** Whether tests pass on the sources as they are: else their failures with a mutation would prove nothing. */
const greens = new Map<string, boolean>();
const isGreen = (tests: readonly string[]): boolean => {
  const key = tests.join(' ');
  const green = greens.get(key) ?? countFailures(folder, tests) === 0;
  greens.set(key, green);
  return green;
};

const verdictOn = (mutation: Mutation): string => {
  if (!isGreen(mutation.tests)) return 'NOT GREEN without it';
  const failures = failuresWith(folder, mutation);
  return failures === 0 ? 'MISSED' : `noticed by ${failures}`;
};

for (const mutation of mutations.filter(({ name }) => name.includes(word))) {
  const verdict = verdictOn(mutation);
  process.stdout.write(`${verdict.padEnd(20)}  ${mutation.name}\n`);
  if (!verdict.startsWith('noticed')) process.exitCode = 1;
}
