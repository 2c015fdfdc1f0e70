#!/usr/bin/env node
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { nodeProblem } from '../core/node-version.ts';
import type { Screen } from './io.ts';

const tooOld = nodeProblem(process.versions.node);
if (tooOld !== null) {
  process.stderr.write(`${tooOld}\n`);
  process.exit(1);
}

const { runProgram } = await import('./program.ts');
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const screenOf = (stream: typeof process.stdout): Screen | null => {
  if (!stream.isTTY) return null;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { columns: stream.columns, hasColor: stream.hasColors(), timeZone };
};

process.stdout.on('error', () => process.exit()); // `paycools … | head` closes the pipe: that is not a failure
process.exitCode = await runProgram(
  process.argv.slice(2),
  {
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
    out: (it) => process.stdout.write(it),
    err: (it) => process.stderr.write(it),
    screen: screenOf(process.stdout),
    isTerminal: process.stderr.isTTY === true,
    readInput: () => text(process.stdin),
    stopped: async () => {
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    },
    now: Date.now,
  },
  version,
);
