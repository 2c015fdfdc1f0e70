import { describe, expect, it, vi } from 'vitest';
import type { StatementPage, UnreadableRow } from '../../src/client/index.ts';
import { APP_ID, clientFor, collect, hangUp, isSigned, refusal, serve, success } from './support.ts';

const row = (transactionId: string) => ({ transactionId, amount: 1.5, status: 'COMPLETE' });
const page = (...ids: readonly string[]) => success({ records: ids.map(row) });
const idsOf = async (rows: AsyncIterable<{ readonly transactionId: string }>) =>
  (await collect(rows)).map(({ transactionId }) => transactionId);

it('reads page after page until one is empty', async () => {
  await using server = await serve(page('A', 'B'), page('C'), page());
  const rows = clientFor(server.url).account.paymentStatement({ createDate: '2026-01-01', status: 'COMPLETE' });
  expect(await idsOf(rows)).toEqual(['A', 'B', 'C']);
  expect(server.received.map(({ body }) => JSON.parse(body).page)).toEqual([1, 2, 3]);
});

it('continues after a page without a new row, because new payments push rows to later pages', async () => {
  await using server = await serve(page('9', '8', '7'), page('9', '8', '7'), page('6', '5', '4'), page('3'), page());
  const rows = clientFor(server.url).account.payoutStatement({ createDate: '2026-01-01' });
  expect(await idsOf(rows)).toEqual(['9', '8', '7', '6', '5', '4', '3']);
});

it('stops after three consecutive pages without a new row, and returns no row twice', async () => {
  await using server = await serve(page('A', 'B'), page('B', 'C'));
  const rows = clientFor(server.url).account.payoutStatement({ completeDate: '2026-01-01' });
  expect(await idsOf(rows)).toEqual(['A', 'B', 'C']);
  expect(server.received).toHaveLength(5);
});

it('reads a page of a thousand rows', async () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `T${index}`);
  await using server = await serve(page(...ids), page());
  const rows = clientFor(server.url).account.paymentStatement({ createDate: '2026-01-01' });
  expect(await idsOf(rows)).toEqual(ids);
});

it('stops after lastPage', async () => {
  await using server = await serve(page('C', 'D'), page('E'));
  const options = { firstPage: 3, lastPage: 3 };
  const rows = clientFor(server.url).account.payoutStatement({ createDate: '2026-01-01' }, options);
  expect(await idsOf(rows)).toEqual(['C', 'D']);
  expect(server.received).toHaveLength(1);
});

describe('a row that cannot be read', () => {
  const odd = { transactionId: 'ODD', amount: '1,250.00', status: 'COMPLETE', name: 'Juan' };
  const answer = success({ records: [row('A'), odd, row('B')] });

  it('goes to onUnreadable, without its values in the problems', async () => {
    await using server = await serve(answer, page());
    const unreadable: UnreadableRow[] = [];
    const onUnreadable = (found: UnreadableRow): void => void unreadable.push(found);
    const rows = clientFor(server.url).account.paymentStatement({ createDate: '2026-01-01' }, { onUnreadable });
    expect(await idsOf(rows)).toEqual(['A', 'B']);
    expect(unreadable).toEqual([{ row: odd, problems: ['amount: must be pesos with at most two decimals'] }]);
  });

  it('fails the statement at its end without onUnreadable, after every other row', async () => {
    await using server = await serve(answer, page('C'), page());
    const read: string[] = [];
    const rows = clientFor(server.url).account.paymentStatement({ createDate: '2026-01-01' });
    const walk = async (): Promise<void> => {
      for await (const { transactionId } of rows) read.push(transactionId);
    };
    await expect(walk()).rejects.toMatchObject({ problem: 'shape', message: expect.stringContaining('amount') });
    expect(read).toEqual(['A', 'B', 'C']);
  });

  it('of a list goes to onUnreadable too, and fails the call without it', async () => {
    const refund = { originalTransactionId: 'C1', refundTransactionId: 'R1', refundAmount: 1, refundStatus: 'PENDING' };
    await using server = await serve(success([{ ...refund, refundAmount: -1 }, refund]));
    const client = clientFor(server.url);
    const onUnreadable = vi.fn();
    const found = await client.refund.payments({ originalTransactionId: 'C1' }, { onUnreadable });
    expect(found).toMatchObject([{ refundTransactionId: 'R1' }]);
    expect(onUnreadable).toHaveBeenCalledOnce();
    await expect(client.refund.payments({ originalTransactionId: 'C1' })).rejects.toMatchObject({ problem: 'shape' });
  });
});

it.each([
  { fee: -2.01 },
  { createTime: 1_764_121_040_000 },
  { completeTime: {} },
  { name: true },
  { paymentChannel: ['GCASH'] },
  { nobody: { documented: 'this' } },
])('reads a row with an unexpected optional member (%j)', async (members) => {
  await using server = await serve(success({ records: [{ ...row('A'), ...members }] }), page());
  const rows = clientFor(server.url).account.paymentStatement({ createDate: '2026-01-01' });
  expect(await idsOf(rows)).toEqual(['A']);
});

it('treats missing records as an empty page', async () => {
  await using server = await serve(success(null));
  expect(await idsOf(clientFor(server.url).account.payoutStatement({ createDate: '2026-01-01' }))).toEqual([]);
});

it('requests a page only when its rows are needed', async () => {
  await using server = await serve(page('A', 'B'), page('C'));
  for await (const { transactionId } of clientFor(server.url).account.payoutStatement({ createDate: '2026-01-01' })) {
    expect(transactionId).toBe('A');
    break;
  }
  expect(server.received).toHaveLength(1);
});

it('signs every page with its own timestamp', async () => {
  let now = 1_700_000_000_000;
  const runtime = {
    now: () => {
      now += 1000;
      return now;
    },
  };
  await using server = await serve(page('A'), page());
  await collect(clientFor(server.url, { runtime }).account.payoutStatement({ createDate: '2026-01-01' }));
  const bodies = server.received.map(({ body }) => JSON.parse(body));
  expect(bodies[0].timestamp).not.toBe(bodies[1].timestamp);
  expect(
    bodies.every(({ page, timestamp, sign }) =>
      isSigned(`appId=${APP_ID}&createDate=2026-01-01&page=${page}&timestamp=${timestamp}`, sign),
    ),
  ).toBe(true);
});

it('requests a lost page again', async () => {
  await using server = await serve(page('A'), hangUp, refusal(1018), page('B'), page());
  expect(await idsOf(clientFor(server.url).account.payoutStatement({ createDate: '2026-01-01' }))).toEqual(['A', 'B']);
});

it('throws when a statement does not end', async () => {
  let next = 0;
  await using server = await serve((response, request) => {
    next += 1;
    page(`T${next}`)(response, request);
  });
  const rows = clientFor(server.url).account.payoutStatement({ createDate: '2026-01-01' }, { maxPages: 3 });
  await expect(collect(rows)).rejects.toMatchObject({ name: 'PaycoolsResponseError', problem: 'too-many-pages' });
  expect(server.received).toHaveLength(3);
});

it('starts at a given page, and reports each page before its rows', async () => {
  const pages: StatementPage[] = [];
  await using server = await serve(page('C', 'C'), page());
  const onPage = (read: StatementPage): void => void pages.push(read);
  const rows = clientFor(server.url).account.payoutStatement({ createDate: '2026-01-01' }, { firstPage: 7, onPage });
  expect(await idsOf(rows)).toEqual(['C']);
  expect(pages).toEqual([
    { page: 7, rows: 2, fresh: 1 },
    { page: 8, rows: 0, fresh: 0 },
  ]);
});

it.each([{}, { createDate: '2026-01-01', completeDate: '2026-01-01' }, { createDate: '01.01.2026' }])(
  'refuses %j: one day, by creation or by completion',
  async (parameters) => {
    // @ts-expect-error exactly one of the two days is required
    const rows = clientFor('http://127.0.0.1:9').account.paymentStatement(parameters);
    await expect(rows.next()).rejects.toMatchObject({ code: 'PAYCOOLS_REQUEST' });
  },
);
