import type { FastifyInstance } from 'fastify';
import { entriesCsv } from '../../operate/entry-row.ts';
import type { Content } from '../html.ts';
import { type ConsoleOptions, CSV, sendFile, sendPage, sendUnavailable, tryRead } from '../send-page.ts';
import { callbackView } from '../views/callback.ts';
import { callbacksView } from '../views/callbacks.ts';
import { emptyState, redisUnavailable } from '../views/format.ts';
import { choicesOf, filtersOf, type Query, textOf, toItemFilter } from './query.ts';

const PAGE_SIZE = 50;
const CSV_ROWS = 10_000;
const SECTION = '/console/callbacks';

const listRoutes = (app: FastifyInstance, options: ConsoleOptions): void => {
  const { journal } = options.operations;

  app.get<{ Querystring: Query }>('/callbacks', async ({ query }, reply) => {
    const filters = filtersOf(query);
    const cursor = textOf(query['cursor']) ?? null;
    const journalQuery = { ...toItemFilter(filters, options), cursor, limit: PAGE_SIZE };
    const read = await tryRead(options, () => Promise.all([journal.list(journalQuery), journal.oldest()]));
    const [page, oldest] = read.ok ? read.value : [null, null];
    const choices = choicesOf(options, true);
    const content = callbacksView({ filters, choices, cursor, page, oldest, zoneOf: options.zoneOf });
    return sendPage(reply, options, { title: 'Callbacks', section: SECTION, content });
  });

  app.get<{ Querystring: Query }>('/callbacks.csv', async ({ query }, reply) => {
    const journalQuery = { ...toItemFilter(filtersOf(query), options), limit: CSV_ROWS };
    const page = await tryRead(options, () => journal.list(journalQuery));
    if (!page.ok) return sendUnavailable(reply, options, { title: 'Callbacks', section: SECTION });
    return sendFile(reply, { name: 'callbacks.csv', type: CSV, content: entriesCsv(page.value.entries) });
  });
};

const notInJournal = (id: string): Content => emptyState(`No callback with the id ${id} in the journal.`);

/** The journal: a list with filters, its CSV, one callback in full, and its bytes. */
export const callbackRoutes = (app: FastifyInstance, options: ConsoleOptions): void => {
  const { operations } = options;
  listRoutes(app, options);

  app.get<{ Params: { id: string } }>('/callbacks/:id', async ({ params: { id } }, reply) => {
    const page = { title: `Callback ${id}`, section: SECTION };
    const read = await tryRead(options, () => operations.journal.find(id));
    if (!read.ok) return sendUnavailable(reply, options, page);
    const { value: entry } = read;
    if (entry === null) return sendPage(reply, options, { ...page, content: notInJournal(id), status: 404 });
    const inspection = await tryRead(options, () => operations.inspect(entry));
    const content = inspection.ok ? callbackView(inspection.value, options.zoneOf(entry.merchant)) : redisUnavailable();
    const subject = entry.event?.transactionId ?? entry.requestId;
    return sendPage(reply, options, { title: `Callback ${subject}`, section: SECTION, content });
  });

  app.get<{ Params: { id: string } }>('/callbacks/:id/body', async ({ params: { id } }, reply) => {
    const page = { title: 'Body', section: SECTION };
    const read = await tryRead(options, () => operations.journal.find(id));
    if (!read.ok) return sendUnavailable(reply, options, page);
    const body = read.value?.body ?? null;
    if (body === null) return sendPage(reply, options, { ...page, content: notInJournal(id), status: 404 });
    return sendFile(reply, { name: 'callback.json', type: 'application/octet-stream', content: Buffer.from(body) });
  });
};
