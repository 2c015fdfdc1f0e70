import type { FastifyInstance, FastifyReply } from 'fastify';
import { shortType } from '../../core/cloud-event.ts';
import { DAY_MS } from '../../core/time.ts';
import { describeEntry } from '../../operate/claims.ts';
import type { Inspection } from '../../operate/operations.ts';
import { isGenuine } from '../../receive/journal.ts';
import { type Html, html } from '../html.ts';
import { type ConsoleOptions, sendPage, sendUnavailable, tryRead } from '../send-page.ts';
import { confirmation } from '../views/action.ts';
import { callbackPath, clockIn, emptyState, timeIn } from '../views/format.ts';
import { attributionOf, performAndShow } from './perform.ts';
import { idsOf, type Query } from './query.ts';

const SECTION = '/console/callbacks';
const PATH = '/console/actions/replay';

/** What a replay will do, given the state of the event's job. */
const consequenceOf = ({ job, entry }: Inspection, zone: string, now: number): Html => {
  if (!isGenuine(entry)) return html`Nothing proves that PayCools sent it, so nothing will happen.`;
  switch (job?.state) {
    case 'completed': {
      const at = job.endedAt ?? now;
      return html`It was handled at ${now - at < DAY_MS ? clockIn(at, zone) : timeIn(at, zone)}; it will be handled a second time.`;
    }
    case 'failed':
      return html`The workers gave up on it after ${job.attempts} attempts (${job.failedReason ?? 'no reason'}); they will get it again.`;
    case undefined:
      return html`Its job is gone, most likely because a worker handled it more than a day ago; it will be handled a second time.`;
    default:
      return html`It still waits for a worker (${job?.state ?? ''}), so nothing will happen.`;
  }
};

type SendNotFound = (reply: FastifyReply) => Promise<FastifyReply>;
type ReplayRequest = { Querystring: Query; Body: Query | undefined };

/** Asks for confirmation of a replay (GET) and performs it (POST). */
export const replayRoutes = (app: FastifyInstance, options: ConsoleOptions, sendNotFound: SendNotFound): void => {
  const { operations, now, zoneOf } = options;

  app.get<ReplayRequest>('/actions/replay', async ({ query }, reply) => {
    const [id] = idsOf(query);
    if (id === undefined) return sendNotFound(reply);
    const read = await tryRead(options, async () => {
      const entry = await operations.journal.find(id);
      return entry === null ? null : operations.inspect(entry);
    });
    const page = { title: 'Replay', section: SECTION };
    if (!read.ok) return sendUnavailable(reply, options, page);
    if (read.value === null)
      return sendPage(reply, options, { ...page, content: emptyState(`${id} is not in the journal.`), status: 404 });
    const { entry, job } = read.value;
    const { amount, merchantOrderId: order } = describeEntry(entry);
    const type = entry.event === null ? entry.outcome : shortType(entry.event.type);
    const content = confirmation({
      back: callbackPath(id),
      path: PATH,
      fields: [['id', id]],
      prompt: `Replay ${type} of order ${order ?? id}?`,
      consequence: consequenceOf(read.value, zoneOf(entry.merchant), now()),
      verb: 'Replay',
      targets: [
        { id, order, amount, state: `${type}, ${job === null ? 'its job is gone' : `${job.state} on {${job.queue}}`}` },
      ],
      count: 1,
    });
    return sendPage(reply, options, { ...page, content });
  });

  app.post<ReplayRequest>('/actions/replay', async (request, reply) => {
    const [id] = idsOf(request.body ?? {});
    if (id === undefined) return sendNotFound(reply);
    const by = attributionOf(request, options);
    const act = () => [operations.replay(id, by)];
    return performAndShow(reply, options, { act, run: by.run, section: SECTION, back: callbackPath(id) });
  });
};
