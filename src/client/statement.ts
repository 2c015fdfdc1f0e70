import type { JsonRecord } from '../core/json.ts';
import type { Caller, CallOptions } from './caller.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsResponseError } from './errors/paycools-response-error.ts';
import { type UnreadableRow, unreadableRowsError } from './read-rows.ts';

/** A page that was read. */
export type StatementPage = {
  readonly page: number;
  /** Rows of the page, those that cannot be read included. */
  readonly rows: number;
  /** Rows that no page before had. */
  readonly fresh: number;
};

/** What a statement takes in addition to its parameters. `timeoutMs` is the limit of each page. */
export type StatementOptions = CallOptions & {
  /** Page to start with, to continue where a run stopped. Default 1. */
  readonly firstPage?: number;
  /** Page to end with, however many follow. Default: the statement's own end. */
  readonly lastPage?: number;
  /** Pages after which a statement counts as endless. Default 1,000. */
  readonly maxPages?: number;
  /** Called after each page, before its rows come out. */
  readonly onPage?: (page: StatementPage) => void;
};

type Row = { readonly transactionId: string };

/** What is asked: the call and its checked parameters. */
export type StatementQuery = { readonly call: CallName; readonly parameters: JsonRecord };

const DEFAULT_MAX_PAGES = 1000;
const FIRST_PAGE = 1; // PAYCOOLS.md 8.2

/** Pages in a row that bring nothing new, after which a statement has ended: while rows arrive, one such page is normal. */
export const STALE_PAGES = 3;

/** Problems of unreadable rows that an error names. */
const MAX_PROBLEMS = 20;

/** A copy of its own: a text that was cut out of a reply keeps the whole reply in memory. */
const copyOf = (id: string): string => Buffer.from(id).toString();

/** Notes a key; returns whether it is new. */
const isNew = (key: string, seen: Set<string>): boolean => {
  if (seen.has(key)) return false;
  seen.add(copyOf(key));
  return true;
};

type Page = { readonly size: number; readonly rows: readonly Row[]; readonly unreadable: readonly UnreadableRow[] };

/** Reads one page; only the rows that no page before had are left. */
const readPage = async (
  caller: Caller,
  { call, parameters }: StatementQuery,
  { seen, ...options }: CallOptions & { readonly seen: Set<string> },
): Promise<Page> => {
  const odd: UnreadableRow[] = [];
  const rows = (await caller.send(call, parameters, {
    ...options,
    onUnreadable: (row) => odd.push(row),
  })) as readonly Row[];
  return {
    size: rows.length + odd.length,
    rows: rows.filter(({ transactionId }) => isNew(transactionId, seen)),
    unreadable: odd.filter(({ row }) => isNew(`unreadable ${JSON.stringify(row)}`, seen)),
  };
};

/**
 * Walks through all pages of a statement, each with a timestamp and a signature of its own. PayCools returns neither page
 * size nor total, so it ends at an empty page, or after three pages in a row that bring nothing new. Holds one page, and
 * the ids seen. Rows that cannot be read go to `onUnreadable`; without it they fail the walk at its end.
 *
 * @throws PaycoolsResponseError `too-many-pages` where it does not end, `shape` where rows could not be read
 * @see PAYCOOLS.md 10, 5 (https://doc.paycools.com/Account/GetPaymentStatement.html)
 */
export async function* walkStatement(
  caller: Caller,
  { call, parameters }: StatementQuery,
  options: StatementOptions,
): AsyncGenerator<Row, void, undefined> {
  const { firstPage = FIRST_PAGE, lastPage, maxPages = DEFAULT_MAX_PAGES, onPage, ...callOptions } = options;
  const seen = new Set<string>();
  const problems: string[] = [];
  const { onUnreadable = ({ problems: found }: UnreadableRow) => void problems.push(...found) } = callOptions;
  const end = lastPage ?? Number.POSITIVE_INFINITY;
  let stale = 0;
  for (let page = firstPage; page <= end && stale < STALE_PAGES; page += 1) {
    if (page >= firstPage + maxPages) throw endlessError(call);
    const read = await readPage(caller, { call, parameters: { ...parameters, page } }, { ...callOptions, seen });
    const fresh = read.rows.length + read.unreadable.length;
    onPage?.({ page, rows: read.size, fresh });
    for (const row of read.unreadable) onUnreadable(row);
    if (read.size === 0) break;
    stale = fresh === 0 ? stale + 1 : 0;
    yield* read.rows;
  }
  if (problems.length > 0) throw unreadableRowsError(call, problems.slice(0, MAX_PROBLEMS));
}

const endlessError = (call: CallName): PaycoolsResponseError =>
  new PaycoolsResponseError({
    call,
    problem: 'too-many-pages',
    httpStatus: 200,
    outcome: 'refused',
    retryable: false,
  });
