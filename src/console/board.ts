import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import { type ConsoleOptions, sendPage } from './frame.ts';
import { BOARD_POLICY, setSecurityHeaders } from './security-headers.ts';
import { noAnswer } from './views/words.ts';

const BASE = '/console/queues';

/** Bull Board takes its fonts from elsewhere; the policy would not let it, and the browser would complain. */
const withoutForeignLinks = (page: string): string => page.replaceAll(/<link\b[^>]*\bhref="https?:[^>]*>/g, '');

/**
 * Bull Board, to look at jobs one by one. Read-only: what operators do goes through the console's own pages, where it is
 * asked for twice, checked and audited.
 */
export const board = async (app: FastifyInstance, options: ConsoleOptions): Promise<void> => {
  const adapter = new FastifyAdapter().setBasePath(BASE);
  const { replaceQueues } = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Queues', miscLinks: [{ text: 'Back to the console', url: '/console' }] } },
  });
  let isOpen = false;
  const open = (): void => {
    if (!isOpen) replaceQueues(options.queues().map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })));
    isOpen = true;
  };
  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply, BOARD_POLICY);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return reply
        .code(405)
        .header('allow', 'GET')
        .send({ error: 'The queues are read-only here: use the pages of the console.' });
    }
    const { reasons } = await options.health();
    if (reasons.redis === undefined) return open();
    return sendPage(reply, options, { title: 'Queues', section: `${BASE}/`, content: noAnswer(), status: 503 });
  });
  app.addHook('onSend', async (_request, _reply, payload) =>
    typeof payload === 'string' && payload.startsWith('<!DOCTYPE html>') ? withoutForeignLinks(payload) : payload,
  );
  await app.register(adapter.registerPlugin(), { prefix: '' });
};
