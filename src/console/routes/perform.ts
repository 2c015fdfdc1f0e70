import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ActionResult, Attribution } from '../../operate/operations.ts';
import { actorOf } from '../access/access.ts';
import { type ConsoleOptions, sendPage } from '../send-page.ts';
import { emptyState, redisUnavailable } from '../views/format.ts';
import { type Query, textOf } from './query.ts';

/** Who acts with which note, under the name of one run that its results are found by. */
export const attributionOf = (
  request: FastifyRequest,
  { access, now }: ConsoleOptions,
): Attribution & { readonly run: string } => {
  const body: Query = typeof request.body === 'object' && request.body !== null ? { ...request.body } : {};
  const note = textOf(body['note']);
  return {
    actor: actorOf(request, access, now()),
    run: randomBytes(6).toString('hex'),
    ...(note === undefined ? {} : { note: note.slice(0, 500) }),
  };
};

/** What is done: nothing happens before the results are read. */
type Act = () => AsyncIterable<ActionResult> | Iterable<Promise<ActionResult>>;

/** Performs everything; where Redis becomes unavailable half-way, the results are those until then. */
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
  /** Where the page of the results leads back to. */
  readonly back?: string;
};

/** The same for a browser, which is led to the results. */
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
    content: [redisUnavailable(), emptyState('Try again once it does: repeating is safe.')],
    status: 503,
  });
};
