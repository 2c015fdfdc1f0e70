import type { Command } from 'commander';
import type { ItemKind, OpenItem, Selection } from '../../operate/open-items.ts';
import type { ActionResult, Attribution, Operations } from '../../operate/operations.ts';
import { type ActionOptions, actorOf, addActionOptions, conclude } from '../action-options.ts';
import { addFilters, type FilterOptions, filterOf } from '../event-filters.ts';
import { formatTime } from '../format.ts';
import { asJson, CommandError, type Io, UsageError } from '../io.ts';
import { openOperations } from '../open-operations.ts';
import { amountColumn, merchantColumn, orderColumn } from '../payment-columns.ts';
import { type Column, showTable } from '../table.ts';

type Options = FilterOptions & ActionOptions;

/** A subcommand that acts on items. */
type Verb = {
  readonly name: string;
  /** What was done, such as `discarded`. */
  readonly done: string;
  readonly description: string;
  readonly act: (operations: Operations, selection: Selection, by: Attribution) => AsyncIterable<ActionResult>;
};

/** A list of items that wait for an operator. */
type Queue = {
  readonly kind: ItemKind;
  readonly name: string;
  readonly description: string;
  readonly verbs: readonly Verb[];
};

const redrive = (kind: Exclude<ItemKind, 'finding'>, description: string): Verb => ({
  name: 'redrive',
  done: 'redriven',
  description,
  act: (operations, selection, by) => operations.redrive(kind, selection, by),
});

const discard = (kind: ItemKind, words: Omit<Verb, 'act'>): Verb => ({
  ...words,
  act: (operations, selection, by) => operations.discard(kind, selection, by),
});

const DISCARD = { name: 'discard', done: 'discarded' } as const;

const unrecognized: Queue = {
  kind: 'unrecognized',
  name: 'unrecognized',
  description: 'genuine callbacks that were not understood',
  verbs: [
    redrive('unrecognized', 'interpret some or all of them again; those still not understood remain'),
    discard('unrecognized', { ...DISCARD, description: 'remove some or all of them once they are dealt with' }),
  ],
};

const failed: Queue = {
  kind: 'failed',
  name: 'failed',
  description: 'jobs whose attempts are used up (dead letters)',
  verbs: [
    redrive('failed', 'give some or all of them to the workers again'),
    discard('failed', { ...DISCARD, description: 'remove some or all of them, so that no worker gets them' }),
  ],
};

const findings: Queue = {
  kind: 'finding',
  name: 'findings',
  description: 'disagreements that a person should look at',
  verbs: [
    discard('finding', {
      name: 'resolve',
      done: 'resolved',
      description: 'close some or all of them once someone has looked at them',
    }),
  ],
};

const selectionOf = (ids: readonly string[], options: Options, io: Io): Selection => {
  if ((ids.length === 0) === (options.all !== true)) throw new UsageError('name event ids, or --all');
  return options.all === true ? { filter: filterOf(options, io) } : { ids };
};

const rowOf = ({ event, failedAt, ...item }: OpenItem) => ({
  ...item,
  source: event.source,
  failedAt: failedAt === null ? null : new Date(failedAt).toISOString(),
});
type Row = ReturnType<typeof rowOf>;

const columnsFor = (io: Io, kind: ItemKind): readonly Column<Row>[] => [
  { title: 'ID', text: ({ id }) => id, isId: true },
  { title: 'RECEIVED', text: ({ receivedAt }) => formatTime(io, Date.parse(receivedAt)), isId: true },
  { title: 'TYPE', text: ({ type, eventName }) => eventName ?? type },
  { title: 'PRODUCT', text: ({ product, queue }) => product ?? queue },
  amountColumn,
  orderColumn,
  { title: 'TRANSACTION', text: ({ transactionId, subject }) => transactionId ?? subject, isId: true },
  merchantColumn,
  ...(kind === 'failed' ? [{ title: 'ATTEMPTS', text: ({ attempts }: Row) => attempts, align: 'right' as const }] : []),
  { title: 'REASON', text: ({ reason }) => reason },
];

const attributionOf = (io: Io, { as, note }: Options): Attribution => ({
  actor: actorOf(io, as),
  ...(note === undefined ? {} : { note }),
});

const addList = (command: Command, io: Io, { kind, name }: Queue): void => {
  addFilters(command.command('list').description('list them, oldest first'))
    .option('--json', 'print an array of { id, receivedAt, type, product, amount, merchantOrderId, …, reason }')
    .addHelpText('after', `\nExample:\n  paycools ${name} list --since 1d --json`)
    .action(async (options: Options) => {
      const filter = filterOf(options, io);
      await using stack = new AsyncDisposableStack();
      const operations = await openOperations(stack, io, filter.merchant);
      const rows = await Array.fromAsync(operations.items(kind, { filter }), rowOf);
      showTable(io, { rows, columns: columnsFor(io, kind), json: options.json });
    });
};

const addShow = (command: Command, io: Io, { kind, name }: Queue): void => {
  command
    .command('show')
    .description('print one in full, as JSON')
    .argument('<id>', 'id of the event')
    .option('--json', 'no effect: the output is always JSON')
    .addHelpText('after', `\nExample:\n  paycools ${name} show evt_…`)
    .action(async (id: string) => {
      await using stack = new AsyncDisposableStack();
      const operations = await openOperations(stack, io);
      const [item] = await Array.fromAsync(operations.items(kind, { ids: [id] }));
      if (item === undefined) throw new CommandError('no such event');
      io.out(asJson(item));
    });
};

const addVerb = (command: Command, io: Io, { name, done, description, act }: Verb): void => {
  const verb = addFilters(command.command(name).description(description).argument('[ids...]', 'ids of the events'));
  addActionOptions(verb, 'all of them, or all that match the filters')
    .option('--json', `print { ${done}, failed }`)
    .addHelpText(
      'after',
      `\nExamples:\n  paycools ${command.name()} ${name} evt_… --note "paid by hand"\n  paycools ${command.name()} ${name} --all --product payout`,
    )
    .action(async (ids: readonly string[], options: Options) => {
      const selection = selectionOf(ids, options, io);
      await using stack = new AsyncDisposableStack();
      const operations = await openOperations(stack, io, options.merchant);
      const results = act(operations, selection, attributionOf(io, options));
      await conclude(io, results, { done, none: 'no such event', json: options.json });
    });
};

const addQueue = (program: Command, io: Io, queue: Queue): void => {
  const command = program.command(queue.name).description(queue.description);
  addList(command, io, queue);
  addShow(command, io, queue);
  for (const verb of queue.verbs) addVerb(command, io, verb);
};

/** `paycools unrecognized list|show|redrive|discard`. */
export const addUnrecognized = (program: Command, io: Io): void => addQueue(program, io, unrecognized);

/** `paycools failed list|show|redrive|discard`. */
export const addFailed = (program: Command, io: Io): void => addQueue(program, io, failed);

/** `paycools findings list|show|resolve`. */
export const addFindings = (program: Command, io: Io): void => addQueue(program, io, findings);
