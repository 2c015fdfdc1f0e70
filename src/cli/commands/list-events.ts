import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { shortType } from '../../core/cloud-event.ts';
import { type EntryRow, entriesCsv, entryRow } from '../../operate/entry-row.ts';
import { matchesQuery } from '../../operate/matches-query.ts';
import type { JournalQuery, JournalReader } from '../../receive/journal.ts';
import { outcomeLabels } from '../../receive/outcome.ts';
import { addFilters, type FilterOptions, filterOf } from '../event-filters.ts';
import { formatTime } from '../format.ts';
import type { Io } from '../io.ts';
import { openOperations } from '../open-operations.ts';
import { numberIn } from '../option-values.ts';
import { merchantColumn, orderColumn, transactionColumn } from '../payment-columns.ts';
import { type Column, showTable } from '../table.ts';

type ListOptions = FilterOptions & {
  readonly limit: string;
  readonly follow?: boolean;
  readonly csv?: string | true;
  readonly json?: boolean;
};

const MAX_LIMIT = 10_000;

const queryOf = (options: ListOptions, io: Io): JournalQuery => ({
  ...filterOf(options, io),
  limit: numberIn('limit', options.limit, { min: 1, max: MAX_LIMIT, isInteger: true }),
});

const columnsFor = (io: Io): readonly Column<EntryRow>[] => [
  { title: 'RECEIVED', text: ({ receivedAt }) => formatTime(io, Date.parse(receivedAt)), isId: true },
  {
    title: 'OUTCOME',
    text: ({ outcome, origin }) => (origin === 'reconciliation' ? 'reconciled' : outcome),
    style: ({ isProven, outcome }) => (isProven ? (outcome === 'accepted' ? 'green' : undefined) : 'red'),
  },
  { title: 'TYPE', text: ({ type, product }) => (type === null ? product : shortType(type)) },
  {
    title: 'AMOUNT',
    text: ({ amount, currency }) => (amount === null ? null : `${currency} ${amount}`),
    align: 'right',
  },
  orderColumn,
  transactionColumn,
  merchantColumn,
  { title: 'REPEATS', text: ({ repeats }) => repeats, align: 'right' },
  { title: 'REPLY', text: ({ status }) => status, align: 'right' },
  { title: 'ENTRY', text: ({ id }) => id, isId: true },
];

/** Reports how far back the journal reaches. */
const reportReach = async (io: Io, journal: JournalReader): Promise<void> => {
  const oldest = await journal.oldest();
  const reach = oldest === null ? 'the journal is empty' : `the journal reaches back to ${formatTime(io, oldest)}`;
  io.err(`Nothing found: ${reach}.\n`);
};

type FollowOptions = {
  readonly journal: JournalReader;
  readonly query: JournalQuery;
  /** Shows the entries that exist already and returns their ids. */
  readonly showFirst: () => Promise<ReadonlySet<string>>;
};

/** Prints new entries as they arrive, until Ctrl-C. No entry between the first list and the new ones is missed. */
const follow = async (io: Io, { journal, query, showFirst }: FollowOptions): Promise<void> => {
  const stop = new AbortController();
  void io.stopped().then(() => stop.abort());
  let shown: ReadonlySet<string> | null = null;
  for await (const batch of journal.follow(stop.signal)) {
    shown ??= await showFirst();
    for (const entry of batch) {
      if (shown.has(entry.id) || !matchesQuery(entry, query)) continue;
      const row = entryRow(entry);
      const cells = columnsFor(io).map(({ text }) => text(row) ?? '-');
      io.out(`${cells.join('  ')}\n`);
    }
  }
};

/** `paycools events list`. */
export const addEventsList = (command: Command, io: Io): void => {
  const list = command
    .command('list')
    .description('list received callbacks and events that reconciliation emitted, newest first');
  addFilters(list)
    .option('--outcome <outcome>', `only with this outcome: ${outcomeLabels.join(', ')}`)
    .option('--limit <number>', 'maximum number of entries', '50')
    .option('--follow', 'keep printing new entries until Ctrl-C')
    .option('--csv [file]', 'print CSV, or write it to a file')
    .option('--json', 'print an array of { id, receivedAt, outcome, merchant, product, type, amount, … }')
    .addHelpText(
      'after',
      '\nExamples:\n  paycools events list --since 2h --product payout\n  paycools events list --outcome forged --json\n  paycools events list --id CQPL16539 --csv payments.csv\n  paycools events list --follow',
    )
    .action(async (options: ListOptions) => {
      const query = queryOf(options, io);
      await using stack = new AsyncDisposableStack();
      const { journal } = await openOperations(stack, io, query.merchant);
      const showFirst = async (): Promise<ReadonlySet<string>> => {
        const { entries } = await journal.list(query);
        if (options.csv === true) io.out(entriesCsv(entries));
        else if (options.csv !== undefined) writeFileSync(options.csv, entriesCsv(entries));
        else if (entries.length === 0 && options.json !== true) await reportReach(io, journal);
        else showTable(io, { rows: entries.map(entryRow), columns: columnsFor(io), json: options.json });
        return new Set(entries.map(({ id }) => id));
      };
      if (options.follow === true) await follow(io, { journal, query, showFirst });
      else await showFirst();
    });
};
