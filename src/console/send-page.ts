import type { FastifyReply } from 'fastify';
import { fail, ok, type Result } from '../core/result.ts';
import type { Access } from './access/access.ts';
import type { ConsolePorts } from './ports.ts';
import { redisUnavailable } from './views/format.ts';
import { type Page, pageOf } from './views/layout.ts';

export type ConsoleOptions = ConsolePorts & { readonly access: Access };

/** Sends an HTML document. */
export const sendHtml = (reply: FastifyReply, status: number, document: string): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(document);

/** Sends a page, with the state of the service at its top. Default status 200. */
export const sendPage = async (
  reply: FastifyReply,
  options: ConsoleOptions,
  { status = 200, ...page }: Page & { readonly status?: number },
): Promise<FastifyReply> => {
  const frame = { health: await options.health(), hasLogin: options.access.kind === 'token' };
  return sendHtml(reply, status, pageOf(page, frame));
};

/** Sends a page without its content, because Redis does not answer. Status 503. */
export const sendUnavailable = (
  reply: FastifyReply,
  options: ConsoleOptions,
  page: Omit<Page, 'content'>,
): Promise<FastifyReply> => sendPage(reply, options, { ...page, content: redisUnavailable(), status: 503 });

type SavedFile = { readonly name: string; readonly type: string; readonly content: string | Buffer };

/** Sends a file that the browser saves under this name. */
export const sendFile = (reply: FastifyReply, { name, type, content }: SavedFile): FastifyReply =>
  reply.type(type).header('content-disposition', `attachment; filename="${name}"`).send(content);

export const CSV = 'text/csv; charset=utf-8';

/** Reads from Redis within the deadline; rejects if Redis does not answer, early if there is no connection. */
export const readWithin = async <Value>(
  { connected, deadline }: ConsolePorts,
  read: () => Promise<Value>,
): Promise<Value> => {
  await connected();
  return deadline.within(read());
};

/** Like {@link readWithin}, but returns a failure (and reports the error), for pages that show it. */
export const tryRead = async <Value>(
  options: ConsolePorts,
  read: () => Promise<Value>,
): Promise<Result<Value, null>> => {
  try {
    return ok(await readWithin(options, read));
  } catch (error) {
    options.onError(error);
    return fail(null);
  }
};
