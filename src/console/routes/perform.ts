import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Acting, ActionResult } from '../../operate/operations.ts';
import { actorOf } from '../access/access.ts';
import { type ConsoleOptions, sendPage } from '../send-page.ts';
import { emptyState, redisUnavailable } from '../views/format.ts';
import { type Query, textOf } from './query.ts';

/** Who acts with which note, under the name of one run that its results are found by. */
export const actingOf = (
  request: FastifyRequest,
  { access, now }: ConsoleOptions,
): Acting & { readonly run: string } => {
  const body: Query = typeof request.body === 'object' && request.body !== null ? { ...request.body } : {};
  const note = textOf(body['note']);
  return {
    actor: actorOf(request, access, now()),
    run: randomBytes(6).toString('hex'),
    ...(note === undefined ? {} : { note: note.slice(0, 500) }),
  };
};

/** Performs everything; where Redis becomes unavailable half-way, the audit has what was done until then. */
export const perform = async (results: AsyncIterable<ActionResult>, options: ConsoleOptions): Promise<boolean> => {
  try {
    await options.connected();
    for await (const _ of results);
    return true;
  } catch (error) {
    options.onError(error);
    return false;
  }
};

export const sendInterrupted = (reply: FastifyReply, options: ConsoleOptions, section: string): Promise<FastifyReply> =>
  sendPage(reply, options, {
    title: 'Not done',
    section,
    content: [redisUnavailable(), emptyState('Try again when it is back; repeating is safe.')],
    status: 503,
  });
