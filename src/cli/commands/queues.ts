import type { Command } from 'commander';
import type { ActionResult, Operations } from '../../operate/operations.ts';
import type { Actor } from '../../operate/ports.ts';
import { asJson, CommandError, type Io, UsageError } from '../io.ts';
import { actorOf, openOperations } from '../open-operations.ts';
import { showTable } from '../table.ts';

type Choice = { readonly all?: boolean; readonly json?: boolean };

const wanted = (id: string | undefined, { all }: Choice): string => {
  if ((id === undefined) === (all !== true)) throw new UsageError('name one event id, or --all');
  return id ?? 'all';
};

const conclude = async (io: Io, results: AsyncIterable<ActionResult>, { json }: Choice): Promise<void> => {
  const tally = { redriven: 0, failed: 0 };
  for await (const { isDone } of results) tally[isDone ? 'redriven' : 'failed'] += 1;
  const { redriven, failed } = tally;
  if (json === true) io.out(asJson(tally));
  else io.out(`${redriven} redriven, ${failed} failed\n`);
  if (redriven + failed === 0) throw new CommandError('no such event');
  if (failed > 0) throw new CommandError('not all were redriven');
};

type Row = Readonly<Record<string, string | number | null>>;

/** A place where events wait for an operator. */
type QueueCommand = {
  readonly name: string;
  readonly description: string;
  readonly columns: string;
  readonly rows: (operations: Operations) => AsyncIterable<Row>;
  readonly redrive: {
    readonly description: string;
    readonly act: (operations: Operations, id: string, actor: Actor) => AsyncIterable<ActionResult>;
  };
};

const collect = async (rows: AsyncIterable<Row>): Promise<Row[]> => {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
};

const addQueueCommand = (
  program: Command,
  io: Io,
  { name, description, columns, rows, redrive }: QueueCommand,
): void => {
  const command = program.command(name).description(description);
  command
    .command('list')
    .description('show them, the oldest first')
    .option('--json', `print an array of { ${columns} }`)
    .addHelpText('after', `\nExample:\n  paycools ${name} list --json`)
    .action(async ({ json }: Choice) => {
      await using stack = new AsyncDisposableStack();
      const found = await collect(rows(await openOperations(stack, io)));
      const titles = Object.keys(found[0] ?? {});
      const shown = titles.map((title) => ({ title: title.toUpperCase(), text: (row: Row) => row[title] ?? null }));
      showTable(io, { rows: found, columns: shown, json });
    });
  command
    .command('redrive')
    .description(redrive.description)
    .argument('[id]', 'id of the event')
    .option('--all', 'all of them')
    .option('--json', 'print { redriven, failed }')
    .addHelpText('after', `\nExamples:\n  paycools ${name} redrive evt_…\n  paycools ${name} redrive --all`)
    .action(async (id: string | undefined, choice: Choice) => {
      const which = wanted(id, choice);
      await using stack = new AsyncDisposableStack();
      await conclude(io, redrive.act(await openOperations(stack, io), which, actorOf(io)), choice);
    });
};

/** `paycools unrecognized list|redrive`. */
export const addUnrecognized = (program: Command, io: Io): void =>
  addQueueCommand(program, io, {
    name: 'unrecognized',
    description: 'callbacks that are genuine but were not understood',
    columns: 'id, receivedAt, source, product, eventName, reason',
    rows: async function* (operations) {
      for await (const { eventId: id, ...row } of operations.unrecognized()) yield { id, ...row };
    },
    redrive: {
      description: 'interpret one or all again; what is still not understood stays',
      act: (operations, id, actor) => operations.redriveUnrecognized(id, actor),
    },
  });

/** `paycools failed list|redrive`: jobs whose attempts are used up. */
export const addFailed = (program: Command, io: Io): void =>
  addQueueCommand(program, io, {
    name: 'failed',
    description: 'jobs whose attempts are used up (dead letters)',
    columns: 'id, queue, type, subject, attempts, reason',
    rows: async function* (operations) {
      for await (const { eventId: id, queue, type, subject, attempts, failedReason } of operations.failed())
        yield { id, queue, type, subject, attempts, reason: failedReason };
    },
    redrive: {
      description: 'give one or all to the workers again',
      act: (operations, id, actor) => operations.redriveFailed(id, actor),
    },
  });
