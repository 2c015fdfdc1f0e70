import type { JsonRecord } from '../core/json.ts';
import type { Caller, CallOptions } from './caller.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsResponseError } from './errors/paycools-response-error.ts';
import { type UnreadableRow, unreadableRowsError } from './read-rows.ts';

/** A page of a statement that has been read. */
export type StatementPage = {
  /** Number of the page; the first one is 1. */
  readonly page: number;
  /** Number of rows, including unreadable ones. */
  readonly rows: number;
  /** Number of rows that were on no earlier page. */
  readonly fresh: number;
};

/** Options of a statement. `timeoutMs` limits each page, not the whole statement. */
export type StatementOptions = CallOptions & {
  /**
   * Page to start with, for example to resume after an interruption.
   *
   * @defaultValue 1
   */
  readonly firstPage?: number;
  /**
   * Page to stop after, even if more follow.
   *
   * @defaultValue the last page of the statement
   */
  readonly lastPage?: number;
  /**
   * Maximum number of pages. A longer statement throws a PaycoolsResponseError (`too-many-pages`).
   *
   * @defaultValue 1,000
   */
  readonly maxPages?: number;
  /** Called when a page has been read, before its rows are returned. */
  readonly onPage?: (page: StatementPage) => void;
};

type Row = { readonly transactionId: string };

/** The call and its validated parameters, without the page. */
export type StatementQuery = { readonly call: CallName; readonly parameters: JsonRecord };

const DEFAULT_MAX_PAGES = 1000;
const FIRST_PAGE = 1; // docs/paycools.md 8.2

/** Number of consecutive pages without a new row that end a statement. One is normal while rows are being added. */
export const STALE_PAGES = 3;

/** Maximum number of problems of unreadable rows that an error lists. */
const MAX_PROBLEMS = 20;

/** Adds a key unless it is there already; returns whether it was added. */
const addKey = (key: string, seen: Set<string>): boolean => {
  if (seen.has(key)) return false;
  seen.add(Buffer.from(key).toString()); // a copy, because a substring of a reply keeps the whole reply in memory
  return true;
};

type Page = { readonly size: number; readonly rows: readonly Row[]; readonly unreadable: readonly UnreadableRow[] };

/** Reads one page and drops the rows that were on an earlier one. */
const readPage = async (
  caller: Caller,
  { call, parameters }: StatementQuery,
  { seen, ...options }: CallOptions & { readonly seen: Set<string> },
): Promise<Page> => {
  const unreadable: UnreadableRow[] = [];
  const onUnreadable = (row: UnreadableRow): void => void unreadable.push(row);
  const rows = (await caller.send(call, parameters, { ...options, onUnreadable })) as readonly Row[];
  return {
    size: rows.length + unreadable.length,
    rows: rows.filter(({ transactionId }) => addKey(transactionId, seen)),
    unreadable: unreadable.filter(({ row }) => addKey(`unreadable ${JSON.stringify(row)}`, seen)),
  };
};

/**
 * Reads a statement page by page, each request with its own timestamp and signature. PayCools returns neither page size
 * nor total, so a statement ends at an empty page, or after three consecutive pages without a new row. Holds one page
 * and the ids seen so far in memory. Unreadable rows go to `onUnreadable`; without it they fail the statement at its end.
 *
 * @throws PaycoolsResponseError `too-many-pages` if it does not end, `shape` if rows could not be read
 * @see docs/paycools.md 10, 5 (https://doc.paycools.com/Account/GetPaymentStatement.html)
 */
export async function* walkStatement(
  caller: Caller,
  { call, parameters }: StatementQuery,
  options: StatementOptions,
): AsyncGenerator<Row, void, undefined> {
  const { firstPage = FIRST_PAGE, lastPage = Number.POSITIVE_INFINITY, onPage, ...callOptions } = options;
  const seen = new Set<string>();
  const problems: string[] = [];
  const { onUnreadable = (row: UnreadableRow) => void problems.push(...row.problems) } = callOptions;
  let stale = 0;
  for (let page = firstPage; page <= lastPage && stale < STALE_PAGES; page += 1) {
    if (page >= firstPage + (options.maxPages ?? DEFAULT_MAX_PAGES)) throw endlessError(call);
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
