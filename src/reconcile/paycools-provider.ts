import type { CallOptions, PaycoolsClient, UnreadableRow } from '../client/index.ts';
import { describeUnreadable, splitOddRows } from './odd-row.ts';
import type { Provider, QueryResult, ReadFailure, ReadRows, StatementView, SubjectQuery } from './ports.ts';
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

/** Rows of the payout statement are payouts; rows of the payment statement do not name their family. */
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

const emptyIfAbsent = (error: unknown): readonly Row[] => {
  if (isAbsent(error)) return [];
  throw error;
};

/** Reads a list. One unreadable row does not fail the others. */
const readList = async (
  { signal }: PaycoolsProviderOptions,
  { requests, product }: { readonly requests: Requests; readonly product: string | null },
  read: (options: CallOptions) => Promise<readonly Row[]>,
): Promise<ReadRows | ReadFailure> => {
  const attempt = async (): Promise<ReadRows> => {
    const unreadable: UnreadableRow[] = [];
    const rows = await read({ signal, onUnreadable: (row) => unreadable.push(row) }).catch(emptyIfAbsent);
    const known = splitOddRows(rows);
    return { rows: known.rows, odd: [...known.odd, ...unreadable.map((row) => describeUnreadable(product, row))] };
  };
  return requests.send(attempt);
};

const OTHER_SUBJECT = 'the reply is about another order or transaction';

/**
 * Finds the subject among the rows of a reply. A reply about another transaction, or (in a query by order) another
 * order, is not an answer. A list without the transaction is one: the transaction is absent.
 */
const findSubject = ({ by }: Query, target: SubjectQuery, rows: readonly Row[]): QueryResult => {
  const ofOrder = by === 'transaction' ? rows : rows.filter(({ merchantOrderId }) => isOrder(target, merchantOrderId));
  if (rows.length > 0 && ofOrder.length === 0) return { kind: 'unanswered', reason: OTHER_SUBJECT };
  const row = ofOrder.find(({ subject }) => subject.id === target.subject.id);
  if (row !== undefined) return { kind: 'found', row };
  const [other] = ofOrder;
  if (other === undefined || by === 'list') return { kind: 'absent' };
  return by === 'only-order'
    ? { kind: 'other-transaction', row: other }
    : { kind: 'unanswered', reason: OTHER_SUBJECT };
};

const isOrder = ({ merchantOrderId }: SubjectQuery, named: string | null): boolean =>
  named === null || merchantOrderId === null || named === merchantOrderId;

/** Asks about one subject, if its family has a query and the target has the ids that it needs. */
const askWith =
  ({ client, signal }: PaycoolsProviderOptions, requests: Requests): Provider['ask'] =>
  async (product, target) => {
    const query = queries.get(product);
    if (query?.kind !== target.subject.kind || !query.isAnswerable(target)) return { kind: 'unanswered' };
    const odd: UnreadableRow[] = [];
    const call = { client, signal, onUnreadable: (row: UnreadableRow) => odd.push(row) };
    const rows = await requests.send(() => query.ask(call, target).catch(emptyIfAbsent));
    if ('reason' in rows) return { kind: 'unanswered', reason: rows.reason };
    const result = findSubject(query, target, rows);
    const [first] = odd; // may be the one that was asked about
    return first === undefined || result.kind !== 'absent'
      ? result
      : { kind: 'unanswered', reason: first.problems.join('; ') };
  };

/** The {@link Provider} that calls PayCools through the API client, at the given pace. */
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
      if (requests.fatalError !== null) throw requests.fatalError;
      return read;
    },
    canAsk: (product, { kind }) => queries.get(product)?.kind === kind,
    collections: [...queries].filter(([, { isCollection }]) => isCollection).map(([product]) => product),
    lists: [...paymentLists.keys()],
    ask: askWith(options, requests),
    refunds: (originalTransactionId) =>
      readList(options, { requests, product: 'refund' }, async (call) => {
        const refunds = await client.refund.payments({ originalTransactionId }, call);
        return refunds.map(refundRow);
      }),
    payments: async (product, order) => {
      const list = paymentLists.get(product);
      if (list === undefined) return { rows: [], odd: [] };
      return readList(options, { requests, product }, (call) => list({ client, ...call }, order));
    },
  };
};
