import type { FastifyInstance } from 'fastify';
import type { ItemKind, OpenItem } from '../../operate/open-items.ts';
import type { Content } from '../html.ts';
import { itemKinds } from '../item-kinds.ts';
import { FEED_ROWS } from '../live-feed.ts';
import { type ConsoleOptions, sendPage, sendUnavailable, tryRead } from '../send-page.ts';
import { auditTable, resultsView } from '../views/action.ts';
import { type FirstItems, itemsView, MAX_ROWS } from '../views/items.ts';
import { overview } from '../views/overview.ts';
import { reconciliationView } from '../views/reconciliation.ts';
import { choicesOf, filtersOf, type Query, toItemFilter } from './query.ts';

/** Number of actions on the audit page. */
const AUDIT_SIZE = 200;
/** Number of latest actions that are searched for those of one request. */
const RUN_SIZE = 2000;

const readFirst = async (items: AsyncIterable<OpenItem>): Promise<FirstItems> => {
  const rows: OpenItem[] = [];
  for await (const item of items) {
    if (rows.length === MAX_ROWS) return { rows, hasMore: true };
    rows.push(item);
  }
  return { rows, hasMore: false };
};

const overviewRoute = (app: FastifyInstance, options: ConsoleOptions): void => {
  const { operations, outcomes, depths, spool, totals, now, zoneOf } = options;
  app.get('/', async (_request, reply) => {
    const [entries, queues, sums, hour] = await Promise.all([
      tryRead(options, () => operations.journal.list({ limit: FEED_ROWS })),
      tryRead(options, depths),
      tryRead(options, () => totals(now())),
      outcomes.lastHour(now()),
    ]);
    const content = overview({
      entries: entries.ok ? entries.value.entries : null,
      totals: sums.ok ? sums.value : null,
      hour,
      queues: { depths: queues.ok ? queues.value : null, spool: spool(), now: now() },
      zoneOf,
    });
    return sendPage(reply, options, { title: 'Overview', section: '/console', content });
  });
};

type Listing = {
  readonly path: string;
  readonly title: string;
  readonly read: (query: Query) => Promise<Content>;
};

/** A page of items that wait for an operator. */
const itemsListing = (options: ConsoleOptions, kind: ItemKind): Listing => ({
  ...itemKinds[kind],
  read: async (query) => {
    const filters = filtersOf(query);
    const items = await readFirst(options.operations.items(kind, { filter: toItemFilter(filters, options) }));
    return itemsView({ kind, items, filters, choices: choicesOf(options, false), zoneOf: options.zoneOf });
  },
});

const listings = (options: ConsoleOptions): readonly Listing[] => [
  itemsListing(options, 'failed'),
  itemsListing(options, 'unrecognized'),
  itemsListing(options, 'finding'),
  { path: '/reconciliation', title: 'Reconciliation', read: async () => reconciliationView(await options.reports()) },
  {
    path: '/audit',
    title: 'Audit',
    read: async () => auditTable(await options.operations.audit(AUDIT_SIZE), options.zoneOf('')),
  },
];

/** Path that the page of an action's results links back to. */
const backOf = ({ back }: Query): string =>
  typeof back === 'string' && /^\/console\/[a-z]+(?:\/[\w.%~-]+)?$/.test(back) ? back : '/console/audit';

const resultsRoute = (app: FastifyInstance, options: ConsoleOptions): void => {
  app.get<{ Params: { run: string }; Querystring: Query }>('/audit/:run', async ({ params, query }, reply) => {
    const read = await tryRead(options, () => options.operations.audit(RUN_SIZE));
    const page = { title: 'Results', section: '/console/audit' };
    if (!read.ok) return sendUnavailable(reply, options, page);
    const results = read.value.filter(({ run }) => run === params.run).toReversed();
    return sendPage(reply, options, { ...page, content: resultsView(results, backOf(query)) });
  });
};

/** The read-only pages. */
export const pages = (app: FastifyInstance, options: ConsoleOptions): void => {
  overviewRoute(app, options);
  resultsRoute(app, options);
  for (const { path, title, read } of listings(options)) {
    app.get<{ Querystring: Query }>(path, async ({ query }, reply) => {
      const content = await tryRead(options, () => read(query));
      const page = { title, section: `/console${path}` };
      if (!content.ok) return sendUnavailable(reply, options, page);
      return sendPage(reply, options, { ...page, content: content.value });
    });
  }
};
