import type { JsonRecord } from '../core/json.ts';
import type { Caller, CallOptions } from './caller.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsResponseError } from './errors/paycools-response-error.ts';

/** A page that was read. */
export type StatementPage = {
  readonly page: number;
  /** Rows of the page. */
  readonly rows: number;
  /** Rows that no page before had. */
  readonly fresh: number;
};

/** What a statement takes beside its parameters. `timeoutMs` is the limit of each page. */
export type StatementOptions = CallOptions & {
  /** Page to start with, to go on where a run was stopped. Default 1. */
  readonly firstPage?: number;
  /** Pages after which a statement counts as endless. Default 1,000. */
  readonly maxPages?: number;
  /** Told about each page before its rows come out. */
  readonly onPage?: (page: StatementPage) => void;
};

type Row = { readonly transactionId: string };

/** What is asked: the call and its checked parameters. */
export type StatementQuery = { readonly call: CallName; readonly parameters: JsonRecord };

const DEFAULT_MAX_PAGES = 1000;
const FIRST_PAGE = 1; // PAYCOOLS.md 8.2

/** A text of its own. One that was cut out of a reply keeps the whole reply in memory, as long as it lives itself. */
const copyOf = (id: string): string => Buffer.from(id).toString();

/** Rows with a transaction that is not yet in `seen`, which then has it. */
const freshRows = (rows: readonly Row[], seen: Set<string>): readonly Row[] =>
  rows.filter(({ transactionId }) => {
    const isFresh = !seen.has(transactionId);
    if (isFresh) seen.add(copyOf(transactionId));
    return isFresh;
  });

/**
 * Walks through all pages of a statement, each with a timestamp and a signature of its own. PayCools tells neither page
 * size nor total, so it ends at the first page that is empty or brings nothing new. Holds one page, and the ids seen.
 *
 * @throws PaycoolsResponseError `too-many-pages` where it does not end
 * @see PAYCOOLS.md 10, 5 (https://doc.paycools.com/Account/GetPaymentStatement.html)
 */
export async function* walkStatement(
  caller: Caller,
  { call, parameters }: StatementQuery,
  options: StatementOptions,
): AsyncGenerator<Row, void, undefined> {
  const { firstPage = FIRST_PAGE, maxPages = DEFAULT_MAX_PAGES, onPage, ...callOptions } = options;
  const seen = new Set<string>();
  for (let page = firstPage; page < firstPage + maxPages; page += 1) {
    const { records } = (await caller.send(call, { ...parameters, page }, callOptions)) as { records: readonly Row[] };
    const fresh = freshRows(records, seen);
    onPage?.({ page, rows: records.length, fresh: fresh.length });
    if (fresh.length === 0) return;
    yield* fresh;
  }
  throw new PaycoolsResponseError({
    call,
    problem: 'too-many-pages',
    httpStatus: 200,
    outcome: 'refused',
    retryable: false,
  });
}
