// `node test/mutations/run.ts [word]`: applies each mutation of this folder to a copy of the sources and runs the tests that
// must fail. Part of `npm run test:mutations`. A word selects the mutations whose name contains it.
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

/** Tests that run the built receiver. */
const NEED_BUILD = new Set(['test/soak/soak.test.ts']);

const build = (folder: string): void => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the sources do not build:\n${stderr}`);
};

/** Counts failing tests. A run without tests proves nothing, so it is an error. */
const countFailures = (folder: string, tests: readonly string[]): number => {
  if (tests.some((test) => NEED_BUILD.has(test))) build(folder);
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/mutations/vitest.config.ts', ...tests];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
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

const passing = new Map<string, boolean>();
/** Whether tests pass without a mutation; if not, their failure with one would prove nothing. */
const pass = (tests: readonly string[]): boolean => {
  const key = tests.join(' ');
  const isPassing = passing.get(key) ?? countFailures(folder, tests) === 0;
  passing.set(key, isPassing);
  return isPassing;
};

const verdictOn = (mutation: Mutation): string => {
  if (!pass(mutation.tests)) return 'FAILS without it';
  const failures = failuresWith(folder, mutation);
  return failures === 0 ? 'MISSED' : `caught by ${failures}`;
};

for (const mutation of mutations.filter(({ name }) => name.includes(word))) {
  const verdict = verdictOn(mutation);
  process.stdout.write(`${verdict.padEnd(20)}  ${mutation.name}\n`);
  if (!verdict.startsWith('caught')) process.exitCode = 1;
}
