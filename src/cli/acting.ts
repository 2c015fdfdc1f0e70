import type { Command } from 'commander';
import type { ActionResult } from '../operate/operations.ts';
import { asJson, CommandError, type Io } from './io.ts';

/** How an action on several things is asked for. */
export type ActionChoice = {
  readonly all?: boolean;
  readonly json?: boolean;
  readonly as?: string;
  readonly note?: string;
};

/** The option that names who acts. */
export const AS_OPTION = [
  '--as <name>',
  'who does it, for the audit (by default the name of the system user)',
] as const;

/** Who acts: a name that was given, else the one of the system's user. */
export const actorName = ({ env }: Io, name?: string): string => name ?? env['USER'] ?? env['LOGNAME'] ?? 'unknown';

/** The same as the audit log records it. */
export const actorOf = (io: Io, name?: string): string => `cli ${actorName(io, name)}`;

/** Adds what every action on several things takes; `all` says what all of them are. */
export const addActionOptions = (command: Command, all: string): Command =>
  command
    .option('--all', all)
    .option('--note <text>', 'why, for the audit')
    .option(...AS_OPTION);

type Conclusion = {
  /** The word for what was done: `discarded`. */
  readonly done: string;
  /** Says that there was nothing to do. */
  readonly none: string;
  readonly json: boolean | undefined;
};

/**
 * Prints how many were done.
 *
 * @throws CommandError where there was none, or not all were done
 */
export const conclude = async (
  io: Io,
  results: AsyncIterable<ActionResult> | Iterable<ActionResult>,
  { done, none, json }: Conclusion,
): Promise<void> => {
  const tally = { done: 0, failed: 0 };
  for await (const { isDone } of results) tally[isDone ? 'done' : 'failed'] += 1;
  io.out(
    json === true
      ? asJson({ [done]: tally.done, failed: tally.failed })
      : `${tally.done} ${done}, ${tally.failed} failed\n`,
  );
  if (tally.done + tally.failed === 0) throw new CommandError(none);
  if (tally.failed > 0) throw new CommandError(`not all were ${done}`);
};
