import type { FastifyReply } from 'fastify';
import { fail, ok, type Result } from '../core/result.ts';
import type { Access } from './access/access.ts';
import type { ConsolePorts } from './ports.ts';
import { type Page, pageOf } from './views/layout.ts';

export type ConsoleOptions = ConsolePorts & { readonly access: Access };

/** Sends a whole page, with the state of the service above it. */
export const sendPage = async (
  reply: FastifyReply,
  options: ConsoleOptions,
  { status = 200, ...page }: Page & { readonly status?: number },
): Promise<FastifyReply> => {
  const frame = { health: await options.health(), hasLogin: options.access.kind === 'token' };
  return reply.code(status).type('text/html; charset=utf-8').send(pageOf(page, frame));
};

/** What Redis answers in time; rejects when it does not, at once where there is no connection. */
export const answered = async <Value>(
  { connected, deadline }: ConsolePorts,
  question: () => Promise<Value>,
): Promise<Value> => {
  await connected();
  return deadline.within(question());
};

/** What Redis answers in time; otherwise the page says that it does not. */
export const asked = async <Value>(
  options: ConsolePorts,
  question: () => Promise<Value>,
): Promise<Result<Value, null>> => {
  try {
    return ok(await answered(options, question));
  } catch (error) {
    options.onError(error);
    return fail(null);
  }
};
