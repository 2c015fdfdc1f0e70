import { Command, CommanderError } from 'commander';
import { addApi } from './commands/api.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvents } from './commands/events.ts';
import { addKeys } from './commands/keys.ts';
import { addFailed, addUnrecognized } from './commands/queues.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addSandbox } from './commands/sandbox.ts';
import { addSend } from './commands/send.ts';
import { addSign, addVerify } from './commands/verify.ts';
import { asJson, CommandError, type Io, UsageError } from './io.ts';

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

const build = (io: Io, version: string): Command => {
  const program = new Command('paycools')
    .description('Tools for paycools-webhooks. Results go to stdout, everything else to stderr.')
    .version(version)
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride()
    .showHelpAfterError('(see --help)');
  const all = [
    addDoctor,
    addSend,
    addSign,
    addVerify,
    addKeys,
    addEvents,
    addUnrecognized,
    addFailed,
    addReconcile,
    addApi,
    addSandbox,
  ];
  for (const add of all) add(program, io);
  return program;
};

const report = (io: Io, error: unknown, wantsJson: boolean): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
  const message = error instanceof Error ? error.message : String(error);
  const details = error instanceof CommandError ? error.details : {};
  if (wantsJson) io.err(asJson({ error: { ...details, message } }));
  else io.err(`${message}${details['code'] === undefined ? '' : `\ncode ${details['code']}`}\n`);
  return error instanceof UsageError ? WRONG_USAGE : FAILED;
};

/** Runs the command line. Returns its exit code: 0 done, 1 failed, 2 wrong usage. */
export const runProgram = async (words: readonly string[], io: Io, version: string): Promise<number> => {
  try {
    await build(io, version).parseAsync(words, { from: 'user' });
    return DONE;
  } catch (error) {
    return report(io, error, words.includes('--json'));
  }
};
