import type { FastifyInstance } from 'fastify';
import { outcomeLabels } from '../../receive/outcome.ts';
import type { Content } from '../html.ts';
import { type ConsoleOptions, sendPage, tryRead } from '../send-page.ts';
import { callbackView } from '../views/callback.ts';
import { callbacksView } from '../views/callbacks.ts';
import { emptyState, redisUnavailable } from '../views/format.ts';
import { overview } from '../views/overview.ts';
import { reconciliationView } from '../views/reconciliation.ts';
import { auditTable, type FirstRows, failedTable, MAX_ROWS, unrecognizedTable } from '../views/tables.ts';

const PAGE_SIZE = 50;
const AUDIT_SIZE = 200;
const FINDINGS_SIZE = 100;

const firstRowsOf = async <Row>(rows: AsyncIterable<Row>): Promise<FirstRows<Row>> => {
  const begun: Row[] = [];
  for await (const row of rows) {
    if (begun.length === MAX_ROWS) return { rows: begun, hasMore: true };
    begun.push(row);
  }
  return { rows: begun, hasMore: false };
};

const overviewRoute = (app: FastifyInstance, options: ConsoleOptions): void => {
  const { operations, outcomes, depths, spool, now } = options;
  app.get('/', async (_request, reply) => {
    const [entries, queues, hour] = await Promise.all([
      tryRead(options, () => operations.journal.list({ limit: PAGE_SIZE })),
      tryRead(options, depths),
      outcomes.lastHour(now()),
    ]);
    const content = overview({
      entries: entries.ok ? entries.value.entries : null,
      hour,
      queues: { depths: queues.ok ? queues.value : null, spool: spool(), now: now() },
    });
    return sendPage(reply, options, { title: 'Overview', section: '/console', content });
  });
};

type Query = Partial<Record<'id' | 'outcome' | 'merchant' | 'cursor', string>>;

/** A query parameter; repeated or empty ones count as absent. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const callbacksRoute = (app: FastifyInstance, options: ConsoleOptions): void => {
  app.get<{ Querystring: Query }>('/callbacks', async (request, reply) => {
    const id = textOf(request.query.id);
    const merchant = textOf(request.query.merchant);
    const outcome = outcomeLabels.find((label) => label === request.query.outcome);
    const query = {
      ...(id === undefined ? {} : { id }),
      ...(merchant === undefined ? {} : { merchant }),
      ...(outcome === undefined ? {} : { outcome }),
      cursor: textOf(request.query.cursor) ?? null,
      limit: PAGE_SIZE,
    };
    const page = await tryRead(options, () => options.operations.journal.list(query));
    const content = callbacksView({ query, page: page.ok ? page.value : null, merchants: options.merchants() });
    return sendPage(reply, options, { title: 'Callbacks', section: '/console/callbacks', content, search: id ?? '' });
  });
};

const callbackRoutes = (app: FastifyInstance, options: ConsoleOptions): void => {
  const { operations } = options;
  const section = '/console/callbacks';
  const absent = (id: string): Content => emptyState(`No callback with the id ${id} in the journal.`);

  app.get<{ Params: { id: string } }>('/callbacks/:id', async ({ params: { id } }, reply) => {
    const found = await tryRead(options, () => operations.journal.find(id));
    const page = { title: `Callback ${id}`, section };
    if (!found.ok) return sendPage(reply, options, { ...page, content: redisUnavailable(), status: 503 });
    const { value: entry } = found;
    if (entry === null) return sendPage(reply, options, { ...page, content: absent(id), status: 404 });
    const inspection = await tryRead(options, () => operations.inspect(entry));
    const content = inspection.ok ? callbackView(inspection.value) : redisUnavailable();
    const subject = entry.event?.transactionId ?? entry.requestId;
    return sendPage(reply, options, { title: `Callback ${subject}`, section, content });
  });

  app.get<{ Params: { id: string } }>('/callbacks/:id/body', async ({ params: { id } }, reply) => {
    const found = await tryRead(options, () => operations.journal.find(id));
    if (!found.ok)
      return sendPage(reply, options, { title: 'Body', section, content: redisUnavailable(), status: 503 });
    const body = found.value?.body ?? null;
    if (body === null) return sendPage(reply, options, { title: 'Body', section, content: absent(id), status: 404 });
    return reply
      .type('application/octet-stream')
      .header('content-disposition', 'attachment; filename="callback.json"')
      .send(Buffer.from(body));
  });
};

type Listing = { readonly path: string; readonly title: string; readonly read: () => Promise<Content> };

const listings = ({ operations, reports, findings }: ConsoleOptions): readonly Listing[] => [
  {
    path: '/failed',
    title: 'Failed jobs',
    read: async () => failedTable(await firstRowsOf(operations.failed())),
  },
  {
    path: '/unrecognized',
    title: 'Unrecognized callbacks',
    read: async () => unrecognizedTable(await firstRowsOf(operations.unrecognized())),
  },
  {
    path: '/reconciliation',
    title: 'Reconciliation',
    read: async () => {
      const [runs, found] = await Promise.all([reports(), findings(FINDINGS_SIZE)]);
      return reconciliationView({ reports: runs, findings: found });
    },
  },
  { path: '/audit', title: 'Audit', read: async () => auditTable(await operations.audit(AUDIT_SIZE)) },
];

/** The pages that change nothing. */
export const pages = (app: FastifyInstance, options: ConsoleOptions): void => {
  overviewRoute(app, options);
  callbacksRoute(app, options);
  callbackRoutes(app, options);
  for (const { path, title, read } of listings(options)) {
    app.get(path, async (_request, reply) => {
      const content = await tryRead(options, read);
      const page = { title, section: `/console${path}` };
      if (!content.ok) return sendPage(reply, options, { ...page, content: redisUnavailable(), status: 503 });
      return sendPage(reply, options, { ...page, content: content.value });
    });
  }
};
