import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BOARD_POLICY, setSecurityHeaders } from '../access/security-headers.ts';
import { type ConsoleOptions, sendUnavailable } from '../send-page.ts';

const BASE = '/console/queues';

/** Refuses every method other than GET and HEAD. */
const refuseChange = async ({ method }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
  if (method === 'GET' || method === 'HEAD') return undefined;
  setSecurityHeaders(reply, BOARD_POLICY);
  const error = 'The queues are read-only here: use the pages of the console.';
  return reply.code(405).header('allow', 'GET').send({ error });
};

/**
 * Bull Board, to inspect single jobs. Read-only: operators act through the console's own pages, where actions are
 * confirmed, checked and audited.
 */
export const board = (app: FastifyInstance, options: ConsoleOptions): void => {
  let loading: Promise<FastifyInstance> | null = null;
  const loaded = (): Promise<FastifyInstance> => {
    loading ??= options.buildBoard(BASE).catch((error: unknown) => {
      loading = null; // so that the next visit tries again
      throw error;
    });
    return loading;
  };
  const show = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { reasons } = await options.health();
    if (reasons.redis !== undefined) return sendUnavailable(reply, options, { title: 'Queues', section: `${BASE}/` });
    const { routing } = await loaded();
    reply.hijack();
    routing(request.raw, reply.raw);
    return reply;
  };
  for (const url of ['/queues', '/queues/*']) app.all(url, { onRequest: refuseChange }, show);
  app.addHook('onClose', async () => (await loading)?.close());
};
