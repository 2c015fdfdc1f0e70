import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveHttp } from '../support/listen.ts';

/** A row of a statement; its members may have any value. */
export type ListedRow = Readonly<Record<string, unknown>>;

type FakeReply = { readonly code: number; readonly data?: unknown } | { readonly status: number };

export type Fake = {
  readonly url: string;
  /** The rows of each statement, in order. May be changed at any time. */
  readonly statements: { payment: ListedRow[]; payout: ListedRow[] };
  /** All requests: `payment createDate 1` for a page of a statement, otherwise the path. */
  readonly requests: string[];
};

export type FakeOptions = {
  readonly pageSize?: number;
  /** The day of all rows; other days are empty. */
  readonly day: string;
  /** Called before each page; may change the rows, or return a different reply. */
  readonly onPage?: (request: string, fake: Fake) => FakeReply | undefined;
  /** Replies to calls other than statements, by path. Default: code 1008. */
  readonly onQuery?: (path: string, query: URLSearchParams) => FakeReply | undefined;
  /** How long each reply takes, in milliseconds. */
  readonly latencyMs?: number;
};

type Query = { readonly createDate?: string; readonly completeDate?: string; readonly page: number };

/** A fake PayCools whose statements a test fills, and can change while they are read. */
export const startFake = async (options: FakeOptions): Promise<Fake> => {
  const { pageSize = 3, day, onPage = () => undefined, onQuery = () => undefined, latencyMs = 0 } = options;
  const statements: Fake['statements'] = { payment: [], payout: [] };
  const requests: string[] = [];

  const pageOf = (statement: 'payment' | 'payout', { createDate, completeDate, page }: Query): FakeReply => {
    const request = `${statement} ${createDate === undefined ? 'completeDate' : 'createDate'} ${page}`;
    requests.push(request);
    const reply = onPage(request, fake);
    if (reply !== undefined) return reply;
    const rows = (createDate ?? completeDate) === day ? statements[statement] : [];
    return { code: 1000, data: { records: rows.slice((page - 1) * pageSize, page * pageSize) } };
  };

  const { url: baseUrl } = await serveHttp(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://fake');
    const body = await text(request);
    const statement = /record\/(payment|payout)List$/.exec(url.pathname)?.[1] as 'payment' | 'payout' | undefined;
    if (statement === undefined) requests.push(url.pathname);
    const reply =
      statement === undefined
        ? (onQuery(url.pathname, url.searchParams) ?? { code: 1008 })
        : pageOf(statement, JSON.parse(body) as Query);
    if (latencyMs > 0) await sleep(latencyMs);
    const status = 'status' in reply ? reply.status : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end('status' in reply ? '<html>' : JSON.stringify({ message: '', ...reply }));
  });
  const fake: Fake = { url: baseUrl, statements, requests };
  return fake;
};

/** A successful payout in the statement; `change` replaces members. */
export const payoutRow = (id: string, change: ListedRow = {}): ListedRow => ({
  merchantOrderId: `M-${id}`,
  transactionId: id,
  amount: 12.5,
  fee: 10,
  status: 'COMPLETE',
  createTime: '2026-11-25 10:00:00',
  completeTime: '2026-11-25 10:00:05',
  ...change,
});
