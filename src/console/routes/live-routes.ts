import type { FastifyInstance } from 'fastify';
import { LiveFeed, type LiveFeedOptions, liveParts } from '../live-feed.ts';
import { type ConsoleOptions, readWithin, tryRead } from '../send-page.ts';
import { hourChart } from '../views/chart.ts';
import { liveRows } from '../views/feed.ts';
import { healthStrip } from '../views/layout.ts';
import { queuesTable } from '../views/queues.ts';

const renderPart = (options: ConsoleOptions): LiveFeedOptions['render'] => {
  const { health, outcomes, depths, spool, now } = options;
  return async (part) => {
    switch (part) {
      case 'health':
        return healthStrip(await health());
      case 'chart':
        return hourChart(await outcomes.lastHour(now()), options.zoneOf(''));
      case 'queues': {
        const read = await tryRead(options, depths);
        return queuesTable({ depths: read.ok ? read.value : null, spool: spool(), now: now() });
      }
    }
  };
};

/** `/live`: changes for open pages, as server-sent events. */
export const liveRoutes = (app: FastifyInstance, options: ConsoleOptions): void => {
  const { journal } = options.operations;
  const feed = new LiveFeed({
    newest: async (limit) => (await readWithin(options, () => journal.list({ limit }))).entries,
    follow: (signal) => journal.follow(signal),
    rows: (entries) => liveRows(entries, options.zoneOf),
    render: renderPart(options),
    onError: options.onError,
  });
  // Before the listener closes, because that waits for streams, and these never end.
  app.addHook('preClose', async () => feed.close());

  app.get<{ Querystring: Record<string, unknown> }>('/live', { exposeHeadRoute: false }, (request, reply) => {
    const shown = String(request.query['show'] ?? '').split(',');
    const stream = feed.open(new Set(liveParts.filter((part) => shown.includes(part))));
    if (stream === null)
      return reply.code(503).header('retry-after', 5).type('text/plain').send('Too many pages are open.\n');
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
  });
};
