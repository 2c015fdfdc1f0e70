import type { PaycoolsClient } from '../client/create-paycools-client.ts';
import { PaycoolsApiError } from '../client/errors/paycools-api-error.ts';
import { PaycoolsError } from '../client/errors/paycools-error.ts';
import type { StatementPage as ClientPage, StatementOptions } from '../client/statement.ts';
import type { Pace, Provider, QueryResult, StatementPage, StatementView, SubjectQuery } from './ports.ts';
import { paymentLists, type Query, queries } from './queries.ts';
import { type Row, refundRow, transactionRow } from './row.ts';

export type PaycoolsProviderOptions = {
  readonly client: PaycoolsClient;
  readonly pace: Pace;
  readonly signal: AbortSignal;
};

/** Far beyond any day: a statement that does not end within is endless. */
const MAX_PAGES = 100_000;

type StatementRecord = {
  readonly transactionId: string;
  readonly merchantOrderId?: string | null | undefined;
  readonly amount: number;
  readonly status: string;
  readonly createTime?: string | null | undefined;
  readonly completeTime?: string | null | undefined;
  readonly paymentChannel?: string | null | undefined;
};

/** Rows of the payout statement are payouts; rows of the other do not name their family. */
const statementRow = ({ statement }: StatementView, record: StatementRecord): Row =>
  transactionRow(statement === 'payout' ? 'payout' : null, {
    transactionId: record.transactionId,
    mchOrderId: record.merchantOrderId,
    amount: record.amount,
    transactionStatus: record.status,
    channelCode: record.paymentChannel,
    createTime: record.createTime,
    returnTime: record.completeTime,
  });

const openStatement = (
  { client }: PaycoolsProviderOptions,
  { statement, by, day }: StatementView,
  options: StatementOptions,
): AsyncIterable<StatementRecord> => {
  const date = by === 'createDate' ? { createDate: day } : { completeDate: day };
  return statement === 'payment'
    ? client.account.paymentStatement(date, options)
    : client.account.payoutStatement(date, options);
};

/** The rows of a statement, gathered into the pages that they came in. */
async function* pagesOf(
  options: PaycoolsProviderOptions,
  view: StatementView,
  firstPage: number,
): AsyncGenerator<StatementPage, void, undefined> {
  const { pace, signal } = options;
  let current: ClientPage = { page: firstPage, rows: 0, fresh: 0 };
  const onPage = (page: ClientPage): void => {
    current = page;
  };
  let rows: Row[] = [];
  await pace();
  for await (const record of openStatement(options, view, { firstPage, signal, onPage, maxPages: MAX_PAGES })) {
    rows.push(statementRow(view, record));
    if (rows.length < current.fresh) continue;
    yield { page: current.page, rows };
    rows = [];
    await pace(); // the next round of the loop asks for the next page
  }
}

/** Codes that say that there is no such transaction (PAYCOOLS.md 11.1, 11.2). */
const ABSENT: ReadonlySet<number | string> = new Set([1008, 1501]);

/** The rows of the reply, an empty list where nothing was found, null where the reply could not be used. */
const listOrNull = async (
  { pace, signal }: PaycoolsProviderOptions,
  ask: () => Promise<readonly Row[]>,
): Promise<readonly Row[] | null> => {
  await pace();
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PaycoolsApiError && ABSENT.has(error.code)) return [];
    if (error instanceof PaycoolsError) return null; // a path may be unconfirmed: that must not end the run
    throw error;
  }
};

/**
 * What the rows of a query state about the subject that was asked about. A reply about another transaction, or about
 * another order where the query is by order, is not an answer; that a list does not name a transaction is one.
 */
const resultOf = ({ by }: Query, wanted: SubjectQuery, rows: readonly Row[]): QueryResult => {
  const named = by === 'transaction' ? rows : rows.filter(({ merchantOrderId }) => isOrder(wanted, merchantOrderId));
  if (rows.length > 0 && named.length === 0) return { kind: 'unanswered' };
  const row = named.find(({ subject }) => subject.id === wanted.subject.id);
  if (row !== undefined) return { kind: 'found', row };
  const [other] = named;
  if (other === undefined || by === 'list') return { kind: 'absent' };
  return by === 'only-order' ? { kind: 'other-transaction', row: other } : { kind: 'unanswered' };
};

const isOrder = ({ merchantOrderId: wanted }: SubjectQuery, named: string | null): boolean =>
  named === null || wanted === null || named === wanted;

/** PayCools's side, through the API client: one request at a time, at the pace that is given. */
export const createPaycoolsProvider = (options: PaycoolsProviderOptions): Provider => {
  const { client, signal } = options;

  const ask: Provider['ask'] = async (product, wanted): Promise<QueryResult> => {
    const query = queries.get(product);
    if (query?.kind !== wanted.subject.kind || !query.isEnough(wanted)) return { kind: 'unanswered' };
    const rows = await listOrNull(options, () => query.ask({ client, signal }, wanted));
    if (rows === null) return { kind: 'unanswered' };
    return resultOf(query, wanted, rows);
  };

  return {
    statement: (view, firstPage) => pagesOf(options, view, firstPage),
    canAsk: (product, { kind }) => queries.get(product)?.kind === kind,
    collections: [...queries].filter(([, { isCollection }]) => isCollection).map(([product]) => product),
    lists: [...paymentLists.keys()],
    ask,
    refunds: (originalTransactionId) =>
      listOrNull(options, async () => {
        const found = await client.refund.payments({ originalTransactionId }, { signal });
        return found.map((refund) => refundRow('refund', refund));
      }),
    payments: async (product, order) => {
      const list = paymentLists.get(product);
      return list === undefined ? null : listOrNull(options, () => list({ client, signal }, order));
    },
  };
};
