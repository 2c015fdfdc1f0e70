// `node test/mutations/run.ts [word]`: takes each rule about the meaning of callbacks out of a copy of the sources, and runs
// the tests that must notice. Part of `npm run test:mutations`; a word chooses the mutations whose name holds it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type MeaningMutation, meaningMutations } from './meaning.ts';

const COPIED = ['src', 'test', 'scripts', 'docs', 'package.json', 'tsconfig.json'];

const copyTo = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  for (const name of COPIED) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
};

const passes = (folder: string, tests: readonly string[]): boolean => {
  const words = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...tests];
  return spawnSync(process.execPath, words, { cwd: folder, stdio: 'ignore' }).status === 0;
};

const isNoticed = (folder: string, { file, from, to, tests }: MeaningMutation): boolean => {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`the mutation no longer fits ${file}: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  try {
    return !passes(folder, tests);
  } finally {
    writeFileSync(path, text);
  }
};

const folder = `.data/mutations-${process.pid}`;
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
copyTo(folder);
const word = process.argv[2] ?? '';
const chosen = meaningMutations.filter(({ name }) => name.includes(word));
const tests = [...new Set(chosen.flatMap((mutation) => mutation.tests))];
if (!passes(folder, tests)) {
  process.stderr.write('the tests fail without any mutation: see npm test\n');
  process.exit(1);
}
for (const mutation of chosen) {
  const noticed = isNoticed(folder, mutation);
  process.stdout.write(`${noticed ? 'noticed' : 'MISSED '}  ${mutation.name}\n`);
  if (!noticed) process.exitCode = 1;
}
