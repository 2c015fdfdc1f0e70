import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Report, reportCsv } from '../../reconcile/report.ts';
import { type ConsoleOptions, CSV, sendFile, sendPage, sendUnavailable, tryRead } from '../send-page.ts';
import { emptyState } from '../views/format.ts';
import { runView } from '../views/run.ts';

type RunRequest = { Params: { run: string } };

/** One reconciliation, as a page and as CSV. */
export const runRoutes = (app: FastifyInstance, options: ConsoleOptions): void => {
  const withRun = async (reply: FastifyReply, id: string, send: (report: Report) => Promise<FastifyReply>) => {
    const page = { title: `Run ${id}`, section: '/console/reconciliation' };
    const read = await tryRead(options, () => options.report(id));
    if (!read.ok) return sendUnavailable(reply, options, page);
    if (read.value !== null) return send(read.value);
    const content = emptyState('No such run, or it has expired: the last 50 runs of a merchant are kept for 90 days.');
    return sendPage(reply, options, { ...page, content, status: 404 });
  };

  app.get<RunRequest>('/reconciliation/:run', ({ params: { run } }, reply) =>
    withRun(reply, run, (report) =>
      sendPage(reply, options, { title: `Run ${run}`, section: '/console/reconciliation', content: runView(report) }),
    ),
  );

  app.get<RunRequest>('/reconciliation/:run/csv', ({ params: { run } }, reply) =>
    withRun(reply, run, async (report) =>
      sendFile(reply, { name: `${report.id}.csv`, type: CSV, content: reportCsv(report) }),
    ),
  );
};
