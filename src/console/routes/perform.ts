import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ActionResult, Attribution } from '../../operate/operations.ts';
import { actorOf } from '../access/access.ts';
import { type ConsoleOptions, sendPage } from '../send-page.ts';
import { emptyState, redisUnavailable } from '../views/format.ts';
import { formOf, textOf } from './query.ts';

/** The actor and the note of a request, with a new run id by which the page of its results finds them. */
export const attributionOf = (
  request: FastifyRequest,
  { access, now }: ConsoleOptions,
): Attribution & { readonly run: string } => {
  const note = textOf(formOf(request.body)['note']);
  return {
    actor: actorOf(request, access, now()),
    run: randomBytes(6).toString('hex'),
    ...(note === undefined ? {} : { note: note.slice(0, 500) }),
  };
};

/** An action; it starts when its results are read. */
type Act = () => AsyncIterable<ActionResult> | Iterable<Promise<ActionResult>>;

/** Performs an action. If Redis becomes unavailable half-way, `isDone` is false and the results end there. */
export const perform = async (act: Act, { connected, onError }: ConsoleOptions) => {
  const results: ActionResult[] = [];
  try {
    await connected();
    for await (const result of act()) results.push(result);
    return { isDone: true, results };
  } catch (error) {
    onError(error);
    return { isDone: false, results };
  }
};

type Performance = {
  readonly act: Act;
  readonly run: string;
  readonly section: string;
  /** Path that the page of the results links back to. Default: `section`. */
  readonly back?: string;
};

/** Performs an action and redirects the browser to its results. */
export const performAndShow = async (
  reply: FastifyReply,
  options: ConsoleOptions,
  { act, run, section, back = section }: Performance,
): Promise<FastifyReply> => {
  const { isDone } = await perform(act, options);
  if (isDone) return reply.redirect(`/console/audit/${run}?back=${encodeURIComponent(back)}`, 303);
  return sendPage(reply, options, {
    title: 'Not done',
    section,
    content: [redisUnavailable(), emptyState('Try again once Redis answers; repeating is safe.')],
    status: 503,
  });
};
