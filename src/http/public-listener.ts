import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Outcome } from '../receive/outcome.ts';
import type { Inbound } from '../wire/inbound.ts';
import { callbackRoutes } from './callback-routes.ts';
import { answerBrokenRequest, problemHandler, sendProblem } from './problem.ts';

/** One request to a callback address and what became of it, for logs and metrics. */
export type CallbackRecord = {
  readonly requestId: string;
  readonly merchant: string;
  readonly product: string | null;
  /** Null where it was refused before the use case saw it (404, 413, 415). */
  readonly outcome: Outcome | null;
  readonly status: number;
  readonly durationMs: number;
};

export type PublicListenerOptions = {
  readonly receive: (inbound: Inbound) => Promise<Outcome>;
  /** Products that have an address. */
  readonly products: ReadonlySet<string>;
  /** Largest body, in bytes. */
  readonly bodyLimit: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onCallback: (record: CallbackRecord) => void;
  readonly onBug: (error: unknown, request: FastifyRequest) => void;
};

/** A request must have arrived whole by then, so that slow clients cannot hold connections. Milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than the idle time of common load balancers, which would otherwise reuse a connection that we just closed. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** The listener that PayCools calls. Built here, listening elsewhere, so that tests build the true one. */
export const buildPublicListener = (options: PublicListenerOptions): FastifyInstance => {
  const app = Fastify({
    logger: false,
    bodyLimit: options.bodyLimit,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    genReqId: () => randomUUID(),
    clientErrorHandler: answerBrokenRequest,
    routerOptions: { ignoreTrailingSlash: true },
  });
  app.setErrorHandler(problemHandler(options.onBug));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'));
  app.get('/healthz', () => ({ status: 'ok' }));
  app.register(callbackRoutes, options);
  return app;
};
