import type { Command } from 'commander';
import type { ActionResult } from '../operate/operations.ts';
import { asJson, CommandError, type Io } from './io.ts';

/** Options of a command that acts on several items. */
export type ActionOptions = {
  readonly all?: boolean;
  readonly json?: boolean;
  readonly as?: string;
  readonly note?: string;
};

/** The option that names who acts. */
export const AS_OPTION = ['--as <name>', 'who does it, for the audit log (default: the system user)'] as const;

/** The given name, or else that of the system user. */
export const actorName = ({ env }: Io, name?: string): string => name ?? env['USER'] ?? env['LOGNAME'] ?? 'unknown';

/** The actor as the audit log records it. */
export const actorOf = (io: Io, name?: string): string => `cli ${actorName(io, name)}`;

/** Adds the options of an action on several items; `all` describes what `--all` selects. */
export const addActionOptions = (command: Command, all: string): Command =>
  command
    .option('--all', all)
    .option('--note <text>', 'reason, for the audit log')
    .option(...AS_OPTION);

type Conclusion = {
  /** What was done, such as `discarded`. */
  readonly done: string;
  /** The error if there was nothing to do. */
  readonly none: string;
  readonly json: boolean | undefined;
};

/**
 * Prints how many items the action succeeded and failed for.
 *
 * @throws CommandError if there were no items, or it failed for any
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
