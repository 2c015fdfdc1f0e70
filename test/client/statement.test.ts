import { expect, it } from 'vitest';
import type { StatementPage } from '../../src/client/index.ts';
import { APP_ID, clientFor, collect, hangUp, isSigned, refusal, serve, success } from './support.ts';

const row = (transactionId: string) => ({ transactionId, amount: 1.5, status: 'COMPLETE' });
const page = (...ids: readonly string[]) => success({ records: ids.map(row) });
const idsOf = async (rows: AsyncIterable<{ readonly transactionId: string }>) =>
  (await collect(rows)).map(({ transactionId }) => transactionId);

it('walks through the pages until one is empty', async () => {
  await using server = await serve(page('A', 'B'), page('C'), page());
  const rows = clientFor(server.url).account.paymentStatement({ createDate: '2026-01-01', status: 'COMPLETE' });
  expect(await idsOf(rows)).toEqual(['A', 'B', 'C']);
  expect(server.received.map(({ body }) => JSON.parse(body).page)).toEqual([1, 2, 3]);
});

it('stops at a page that brings nothing new, and gives no row twice', async () => {
  await using server = await serve(page('A', 'B'), page('B', 'C'), page('B', 'C'));
  expect(await idsOf(clientFor(server.url).account.payoutStatement({ completeDate: '2026-01-01' }))).toEqual([
    'A',
    'B',
    'C',
  ]);
  expect(server.received).toHaveLength(3);
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
    // @ts-expect-error one of the two days, never both and never none
    const rows = clientFor('http://127.0.0.1:9').account.paymentStatement(parameters);
    await expect(rows.next()).rejects.toMatchObject({ code: 'PAYCOOLS_REQUEST' });
  },
);
