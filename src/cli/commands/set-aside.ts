import type { Command } from 'commander';
import type { ActionResult } from '../../operate/operations.ts';
import type { SetAsideItem, SetAsideVerb } from '../../operate/set-aside.ts';
import { type ActionOptions, actorName, addActionOptions, conclude } from '../action-options.ts';
import { formatTime } from '../format.ts';
import { CommandError, type Io, UsageError } from '../io.ts';
import { localAddress } from '../local-address.ts';
import { amountColumn, merchantColumn, orderColumn, transactionColumn } from '../payment-columns.ts';
import { operationsSettings } from '../settings.ts';
import { type Column, showTable } from '../table.ts';

const TIMEOUT_MS = 30_000;
const PATH = '/console/spool.json';

type Options = ActionOptions & { readonly url?: string };

type OperationsSettings = ReturnType<typeof operationsSettings>;

/** The token of the named operator, or else the shared one. */
const authorizationOf = ({ OPS_TOKEN, OPS_OPERATORS }: OperationsSettings, name: string): Record<string, string> => {
  const token = OPS_OPERATORS.find((operator) => operator.name === name)?.token ?? OPS_TOKEN;
  // Without a token the console is open on this machine, but accepts forms from its own pages only.
  return token === null ? { 'sec-fetch-site': 'same-origin' } : { authorization: `Bearer ${token.reveal()}` };
};

const REFUSALS: ReadonlyMap<number, string> = new Map([
  [401, 'it requires a token: set OPS_TOKEN, or OPS_OPERATORS and --as'],
  [403, 'it is closed to this machine: set OPS_TOKEN there and here'],
  [404, 'it is not the operations listener of a receiver'],
  [429, 'there were too many wrong tokens; try again later'],
  [503, 'Redis does not answer there, so the action cannot be audited: try again when it is back'],
]);

/** Asks the receiver, because only it can open its spool. */
const askReceiver = async <Reply>(io: Io, options: Options, form?: URLSearchParams): Promise<Reply> => {
  const settings = operationsSettings(io);
  const address = options.url ?? localAddress({ host: settings.OPS_HOST, port: settings.OPS_PORT });
  if (!URL.canParse(PATH, address)) throw new UsageError(`--url ${address} is not a URL`);
  const headers = { accept: 'application/json', ...authorizationOf(settings, actorName(io, options.as)) };
  const sent = form === undefined ? {} : { method: 'POST', body: form };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const reply = await fetch(new URL(PATH, address), { headers, signal, ...sent }).catch(() => null);
  if (reply === null)
    throw new CommandError(`no receiver answers at ${address}: pass its operations listener as --url`);
  if (!reply.ok) {
    const reason = REFUSALS.get(reply.status) ?? 'its log has the details';
    throw new CommandError(`the receiver at ${address} answered ${reply.status}: ${reason}`);
  }
  return (await reply.json()) as Reply;
};

const columnsFor = (io: Io): readonly Column<SetAsideItem>[] => [
  { title: 'ID', text: ({ seq }) => seq, isId: true },
  { title: 'RECEIVED', text: ({ receivedAt }) => formatTime(io, receivedAt), isId: true },
  { title: 'SET ASIDE', text: ({ setAsideAt }) => formatTime(io, setAsideAt) },
  { title: 'PRODUCT', text: ({ product }) => product },
  amountColumn,
  orderColumn,
  transactionColumn,
  merchantColumn,
  { title: 'REASON', text: ({ reason }) => reason },
];

const URL_OPTION = ['--url <url>', 'operations listener of the receiver (default: the one on this machine)'] as const;

const addList = (command: Command, io: Io): void => {
  command
    .command('list')
    .description('list them, oldest first')
    .option(...URL_OPTION)
    .option('--json', 'print an array of { seq, receivedAt, setAsideAt, product, amount, merchantOrderId, …, reason }')
    .addHelpText('after', '\nExample:\n  paycools set-aside list --json')
    .action(async (options: Options) => {
      const rows = await askReceiver<SetAsideItem[]>(io, options);
      showTable(io, { rows, columns: columnsFor(io), json: options.json });
    });
};

type Verb = { readonly verb: SetAsideVerb; readonly done: string; readonly description: string };

const formOf = (verb: SetAsideVerb, ids: readonly string[], as: string, note?: string): URLSearchParams => {
  const form = new URLSearchParams({ verb, as });
  if (note !== undefined) form.set('note', note);
  if (ids.length === 0) form.set('all', '1');
  for (const id of ids) form.append('seq', id);
  return form;
};

const addVerb = (command: Command, io: Io, { verb, done, description }: Verb): void => {
  const action = command.command(verb).description(description).argument('[ids...]', 'ids as `list` shows them');
  addActionOptions(action, 'all of them')
    .option(...URL_OPTION)
    .option('--json', `print { ${done}, failed }`)
    .addHelpText('after', `\nExamples:\n  paycools set-aside ${verb} 17\n  paycools set-aside ${verb} --all`)
    .action(async (ids: readonly string[], options: Options) => {
      if ((ids.length === 0) === (options.all !== true)) throw new UsageError('name ids, or --all');
      const form = formOf(verb, ids, actorName(io, options.as), options.note);
      const results = await askReceiver<ActionResult[]>(io, options, form);
      for (const { id, message } of results) io.err(`${id}: ${message}\n`);
      await conclude(io, results, { done, none: 'nothing is set aside', json: options.json });
    });
};

/** `paycools set-aside list|retry|discard`. */
export const addSetAside = (program: Command, io: Io): void => {
  const command = program
    .command('set-aside')
    .description('callbacks that Redis refused to store, set aside in the spool of a receiver');
  addList(command, io);
  addVerb(command, io, {
    verb: 'retry',
    done: 'retried',
    description: 'let the spool try to store some or all of them again',
  });
  addVerb(command, io, {
    verb: 'discard',
    done: 'discarded',
    description: 'delete some or all of them, so that no worker gets them',
  });
};
