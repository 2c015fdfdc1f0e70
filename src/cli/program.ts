import { Command, CommanderError } from 'commander';
import { addApi } from './commands/api.ts';
import { addCompletion } from './commands/completion.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvents } from './commands/events.ts';
import { addForward } from './commands/forward.ts';
import { addKeys } from './commands/keys.ts';
import { addFailed, addFindings, addUnrecognized } from './commands/queues.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addSandbox } from './commands/sandbox.ts';
import { addSend } from './commands/send.ts';
import { addSetAside } from './commands/set-aside.ts';
import { addSign, addVerify } from './commands/verify.ts';
import { addWhere } from './commands/where.ts';
import { readEnvFiles } from './env-files.ts';
import { paint } from './format.ts';
import { asJson, CommandError, type Io, UsageError } from './io.ts';

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;
const HELP_WIDTH = 100;

const commands = [
  addDoctor,
  addSend,
  addSign,
  addVerify,
  addKeys,
  addWhere,
  addEvents,
  addUnrecognized,
  addFailed,
  addFindings,
  addSetAside,
  addReconcile,
  addApi,
  addForward,
  addSandbox,
  addCompletion,
];

/** Builds the command line with all its commands. */
export const buildProgram = (io: Io, version: string): Command => {
  const program = new Command('paycools')
    .description('Tools for paycools-webhooks. Results go to stdout, everything else to stderr.')
    .version(version)
    .option('--env-file <file>', 'read variables from a file; those already set take precedence')
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: () => undefined, // reported by runProgram
      getOutHelpWidth: () => io.screen?.columns ?? HELP_WIDTH,
    })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (text) => paint(io, 'bold', text),
      styleCommandText: (text) => paint(io, 'cyan', text),
      styleSubcommandText: (text) => paint(io, 'cyan', text),
      styleOptionText: (text) => paint(io, 'cyan', text),
    })
    .exitOverride();
  for (const add of commands) add(program, io);
  return program;
};

type Failure = { readonly message: string; readonly details: Readonly<Record<string, unknown>>; readonly code: number };

/** What went wrong; null if help or the version was requested. */
const failureOf = (error: unknown): Failure | null => {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return null;
    const isHelp = error.code === 'commander.help'; // shown because the subcommand is missing
    const message = isHelp ? 'a command is missing' : error.message.replace(/^error: /, '');
    return { message: `${message} (see --help)`.replace(/\n\(/, ' ('), details: {}, code: WRONG_USAGE };
  }
  const message = error instanceof Error ? error.message : String(error);
  const details = error instanceof CommandError ? error.details : {};
  return { message, details, code: error instanceof UsageError ? WRONG_USAGE : FAILED };
};

const report = (io: Io, error: unknown, wantsJson: boolean): number => {
  const failure = failureOf(error);
  if (failure === null) return DONE;
  const { message, details, code } = failure;
  if (wantsJson) io.err(asJson({ error: { ...details, message } }));
  else if (message !== '') io.err(`${message}${details['code'] === undefined ? '' : `\ncode ${details['code']}`}\n`);
  return code;
};

/** Runs the command line. Returns its exit code: 0 done, 1 failed, 2 wrong usage. */
export const runProgram = async (given: readonly string[], outer: Io, version: string): Promise<number> => {
  try {
    const { words, io } = readEnvFiles(given, outer);
    await buildProgram(io, version).parseAsync(words, { from: 'user' });
    return DONE;
  } catch (error) {
    return report(outer, error, given.includes('--json'));
  }
};
