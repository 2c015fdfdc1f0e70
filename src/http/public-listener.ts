import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type CallbackRoutesOptions, callbackRoutes } from './callback-routes.ts';
import { answerBrokenRequest, problemHandler, sendProblem } from './problem.ts';

export type PublicListenerOptions = CallbackRoutesOptions & {
  /** Whose `X-Forwarded-For` is believed: nobody's, that of N hops, or that of these addresses. */
  readonly trustProxy: false | number | string;
  /** Largest body, in bytes. */
  readonly bodyLimit: number;
  readonly onBug: (error: unknown, request: FastifyRequest) => void;
};

/** A request must have arrived whole by then, so that slow clients cannot hold connections. Milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than the idle time of common load balancers, which would otherwise reuse a connection that we just closed. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

type TrustProxy = PublicListenerOptions['trustProxy'];

/** Hops as Fastify takes them: the peer is hop 0, the last entry of the header hop 1, … */
const proxyTrust = (trust: TrustProxy): false | string | ((address: string, hop: number) => boolean) =>
  typeof trust === 'number' ? (_address, hop) => hop < trust : trust;

/** The listener that PayCools calls. Built here, listening elsewhere, so that tests build the true one. */
export const buildPublicListener = (options: PublicListenerOptions): FastifyInstance => {
  const app = Fastify({
    logger: false,
    bodyLimit: options.bodyLimit,
    trustProxy: proxyTrust(options.trustProxy),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    genReqId: () => randomUUID(),
    clientErrorHandler: answerBrokenRequest,
    routerOptions: { ignoreTrailingSlash: true },
  });
  app.setErrorHandler(problemHandler(options.onBug));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'));
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  // A connection that is kept alive would outlive its last answer, and closing would wait for it.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done();
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.register(callbackRoutes, options);
  return app;
};
