import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { CallbackRecord } from '../receive/outcome.ts';
import { createBrokenRequestHandler } from './broken-requests.ts';
import { type CallbackRoutesOptions, callbackRoutes } from './callback-routes.ts';
import { Connections } from './connections.ts';
import { problemCodeOf, sendProblem } from './problem.ts';
import type { Refusal } from './refusal.ts';
import { createHttpServer, cutConnectionsAtClose } from './server.ts';
import { createSourceReader, type TrustProxy } from './source.ts';
import { Visits } from './visit.ts';

export type PublicListenerOptions = CallbackRoutesOptions & {
  readonly trustProxy: TrustProxy;
  /** Maximum size of a body, in bytes. */
  readonly bodyLimit: number;
  readonly maxConnections: number;
  /** How long an idle connection stays open, in milliseconds. */
  readonly keepAliveTimeoutMs: number;
  /** How long clients have to finish once the listener closes, in milliseconds; then their connections are closed. */
  readonly cutAfterMs: number;
  readonly onCallback: (record: CallbackRecord) => void;
  /** Called with every request that never became a callback. */
  readonly onRefused: (refusal: Refusal) => void;
  readonly onBug: (error: unknown) => void;
};

/** The listener that PayCools calls. It is built here and started elsewhere, so that tests use the real one. */
export const buildPublicListener = (options: PublicListenerOptions): FastifyInstance => {
  const { onRefused, onBug, keepAliveTimeoutMs } = options;
  const connections = new Connections({
    max: options.maxConnections,
    onEvicted: (source) =>
      onRefused({ requestId: randomUUID(), source, reason: 'connections', status: null, durationMs: null }),
  });
  const visits = new Visits({
    ...options,
    sourceOf: createSourceReader(options.trustProxy),
    isFirstRefusal: ({ socket }) => connections.isFirstRefusal(socket),
  });

  const refuse = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const code = problemCodeOf(error);
    if (code === 'internal') onBug(error);
    const visit = visits.of(request.raw);
    // If the sender has disconnected, nobody is refused: the visit ends as aborted.
    if (!request.raw.destroyed || request.raw.complete) visit.result ??= { kind: 'refused', code };
    return sendProblem(reply, code);
  };

  const app = Fastify({
    logger: false,
    bodyLimit: options.bodyLimit,
    genReqId: (request) => visits.of(request as never).requestId,
    routerOptions: { ignoreTrailingSlash: true },
    return503OnClosing: false,
    clientErrorHandler: createBrokenRequestHandler(connections, onRefused),
    frameworkErrors: (error, request, reply) => void refuse(error, request as never, reply as never),
    serverFactory: (handle) =>
      createHttpServer(
        (request, response) => {
          visits.begin(request, response);
          handle(request, response);
        },
        { keepAliveTimeoutMs, connections },
      ),
  });
  app.setErrorHandler(refuse);
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'));
  // In this hook, because an unknown path is refused before its body is read.
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    visits.of(request.raw).result = { kind: 'refused', code: 'not-found' };
    sendProblem(reply, 'not-found');
  });
  cutConnectionsAtClose(app, connections, options.cutAfterMs);
  app.get('/healthz', (request) => {
    visits.of(request.raw).result = { kind: 'probe' };
    return { status: 'ok' };
  });
  app.register(callbackRoutes, { ...options, visits, connections });
  return app;
};
