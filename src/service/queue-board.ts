import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Queue } from 'bullmq';
import Fastify, { type FastifyInstance } from 'fastify';
import { BOARD_POLICY, setSecurityHeaders } from '../console/access/security-headers.ts';

/** Bull Board loads fonts from other hosts, which the policy blocks and the browser complains about. */
const withoutForeignLinks = (page: string): string => page.replaceAll(/<link\b[^>]*\bhref="https?:[^>]*>/g, '');

/** Builds a read-only Bull Board for these queues, below `prefix`. It does not listen: requests are passed to it. */
export const buildQueueBoard = async (queues: readonly Queue[], prefix: string): Promise<FastifyInstance> => {
  const app = Fastify({ logger: false });
  const adapter = new FastifyAdapter().setBasePath(prefix);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Queues', miscLinks: [{ text: 'Back to the console', url: '/console' }] } },
  });
  app.addHook('onRequest', async (_request, reply) => setSecurityHeaders(reply, BOARD_POLICY));
  app.addHook('onSend', async (_request, _reply, payload) =>
    typeof payload === 'string' && payload.startsWith('<!DOCTYPE html>') ? withoutForeignLinks(payload) : payload,
  );
  await app.register(adapter.registerPlugin(), { prefix });
  await app.ready();
  return app;
};
