import type { CallOptions, PaycoolsClient, UnreadableRow } from '../client/index.ts';
import { oddRowOf, splitRows } from './odd-row.ts';
import type { NotRead, Provider, QueryResult, ReadRows, StatementView, SubjectQuery } from './ports.ts';
import { paymentLists, type Query, queries } from './queries.ts';
import { isAbsent, Requests, type RequestsOptions } from './requests.ts';
import { type Row, refundRow, transactionRow } from './row.ts';

export type PaycoolsProviderOptions = RequestsOptions & { readonly client: PaycoolsClient };

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
const familyIn = ({ statement }: StatementView): string | null => (statement === 'payout' ? 'payout' : null);

const statementRow = (view: StatementView, record: StatementRecord): Row =>
  transactionRow(familyIn(view), {
    transactionId: record.transactionId,
    mchOrderId: record.merchantOrderId,
    amount: record.amount,
    transactionStatus: record.status,
    channelCode: record.paymentChannel,
    createTime: record.createTime,
    returnTime: record.completeTime,
  });

const statementRecords = (
  client: PaycoolsClient,
  { statement, by, day }: StatementView,
  { page, ...options }: CallOptions & { readonly page: number },
): AsyncIterable<StatementRecord> => {
  const date = by === 'createDate' ? { createDate: day } : { completeDate: day };
  const single = { ...options, firstPage: page, lastPage: page };
  return statement === 'payment'
    ? client.account.paymentStatement(date, single)
    : client.account.payoutStatement(date, single);
};

/** That there is no such transaction is an answer. */
const emptyIfAbsent = (error: unknown): readonly Row[] => {
  if (isAbsent(error)) return [];
  throw error;
};

/** Reads a list whose rows are read one by one. */
const readList = async (
  { signal }: PaycoolsProviderOptions,
  { requests, product }: { readonly requests: Requests; readonly product: string | null },
  read: (options: CallOptions) => Promise<readonly Row[]>,
): Promise<ReadRows | NotRead> => {
  const attempt = async (): Promise<ReadRows> => {
    const unreadable: UnreadableRow[] = [];
    const rows = await read({ signal, onUnreadable: (row) => unreadable.push(row) }).catch(emptyIfAbsent);
    const known = splitRows(rows);
    return { rows: known.rows, odd: [...known.odd, ...unreadable.map((row) => oddRowOf(product, row))] };
  };
  return requests.send(attempt);
};

const OTHER_SUBJECT = 'the reply is about another order or transaction';

/**
 * What the rows of a query state about the subject that was asked about. A reply about another transaction, or about
 * another order where the query is by order, is not an answer; that a list does not name a transaction is one.
 */
const resultOf = ({ by }: Query, wanted: SubjectQuery, rows: readonly Row[]): QueryResult => {
  const named = by === 'transaction' ? rows : rows.filter(({ merchantOrderId }) => isOrder(wanted, merchantOrderId));
  if (rows.length > 0 && named.length === 0) return { kind: 'unanswered', reason: OTHER_SUBJECT };
  const row = named.find(({ subject }) => subject.id === wanted.subject.id);
  if (row !== undefined) return { kind: 'found', row };
  const [other] = named;
  if (other === undefined || by === 'list') return { kind: 'absent' };
  return by === 'only-order'
    ? { kind: 'other-transaction', row: other }
    : { kind: 'unanswered', reason: OTHER_SUBJECT };
};

const isOrder = ({ merchantOrderId: wanted }: SubjectQuery, named: string | null): boolean =>
  named === null || wanted === null || named === wanted;

/** Asks about one subject, where its family has a query and what is known is enough for it. */
const askWith =
  ({ client, signal }: PaycoolsProviderOptions, requests: Requests): Provider['ask'] =>
  async (product, wanted) => {
    const query = queries.get(product);
    if (query?.kind !== wanted.subject.kind || !query.isEnough(wanted)) return { kind: 'unanswered' };
    const odd: UnreadableRow[] = [];
    const asking = { client, signal, onUnreadable: (row: UnreadableRow) => odd.push(row) };
    const found = await requests.send(() => query.ask(asking, wanted).catch(emptyIfAbsent));
    if ('reason' in found) return { kind: 'unanswered', reason: found.reason };
    const result = resultOf(query, wanted, found);
    const [first] = odd; // it may be the one that was asked about
    return first === undefined || result.kind !== 'absent'
      ? result
      : { kind: 'unanswered', reason: first.problems.join('; ') };
  };

/** PayCools's side, through the API client, at the pace that is given. */
export const createPaycoolsProvider = (options: PaycoolsProviderOptions): Provider => {
  const { client } = options;
  const requests = new Requests(options);
  return {
    latencyMs: () => requests.latencyMs,
    page: async (view, page) => {
      const read = await readList(options, { requests, product: familyIn(view) }, async (call) => {
        const rows: Row[] = [];
        for await (const record of statementRecords(client, view, { ...call, page }))
          rows.push(statementRow(view, record));
        return rows;
      });
      if (requests.hopeless !== null) throw requests.hopeless;
      return read;
    },
    canAsk: (product, { kind }) => queries.get(product)?.kind === kind,
    collections: [...queries].filter(([, { isCollection }]) => isCollection).map(([product]) => product),
    lists: [...paymentLists.keys()],
    ask: askWith(options, requests),
    refunds: (originalTransactionId) =>
      readList(options, { requests, product: 'refund' }, async (call) => {
        const found = await client.refund.payments({ originalTransactionId }, call);
        return found.map(refundRow);
      }),
    payments: async (product, order) => {
      const list = paymentLists.get(product);
      if (list === undefined) return { rows: [], odd: [] };
      return readList(options, { requests, product }, (call) => list({ client, ...call }, order));
    },
  };
};
