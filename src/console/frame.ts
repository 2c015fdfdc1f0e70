import type { FastifyReply } from 'fastify';
import { fail, ok, type Result } from '../core/result.ts';
import type { Access } from './access.ts';
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

/** What Redis answers in time; otherwise the page says that it does not. */
export const asked = async <Value>(
  { deadline, onError }: ConsolePorts,
  work: Promise<Value>,
): Promise<Result<Value, null>> => {
  try {
    return ok(await deadline.within(work));
  } catch (error) {
    onError(error);
    return fail(null);
  }
};
