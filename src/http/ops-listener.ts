import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import type { Readiness, Reasons } from '../receive/readiness.ts';
import { problemHandler, sendProblem } from './problem.ts';
import { cutConnectionsAtClose } from './server.ts';

export type OpsListenerOptions = {
  readonly health: () => Promise<Health>;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** JSON documents by path: OpenAPI of the public listener, AsyncAPI of the queues. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** JSON Schema of the events of each product. */
  readonly schemas: ReadonlyMap<string, unknown>;
  /** The pages below `/console`. */
  readonly console: FastifyPluginAsync;
  /** The pages below `/docs`. */
  readonly reference: FastifyPluginAsync;
  /** How long clients have to finish once the listener closes, in milliseconds; then their connections are closed. */
  readonly cutAfterMs: number;
  readonly onBug: (error: unknown) => void;
};

/** The state of the service in one word, and the reasons for it. */
export type Health = {
  readonly status: 'ready' | 'degraded' | 'not ready' | 'stopping';
  readonly reasons: Reasons;
};

/** One word for the state, for people and dashboards; the status code is for the ingress. */
export const healthOf = ({ isReady, reasons }: Readiness, isStopping: boolean): Health => {
  if (isStopping) return { status: 'stopping', reasons };
  if (!isReady) return { status: 'not ready', reasons };
  return { status: Object.keys(reasons).length === 0 ? 'ready' : 'degraded', reasons };
};

/** The operators' listener: probes, metrics, documents and the console. Not for the public network. */
export const buildOpsListener = (options: OpsListenerOptions): FastifyInstance => {
  const app = Fastify({ logger: false });
  const closable = {
    closeIdle: () => app.server.closeIdleConnections(),
    closeAll: () => app.server.closeAllConnections(),
  };
  cutConnectionsAtClose(app, closable, options.cutAfterMs);
  app.setErrorHandler(problemHandler(options.onBug));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'));

  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const { status, reasons } = await options.health();
    const isOk = status === 'ready' || status === 'degraded';
    return reply.code(isOk ? 200 : 503).send({ status, reasons });
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await options.metrics();
    return reply.type(contentType).send(body);
  });
  for (const [path, document] of Object.entries(options.documents)) {
    const body = JSON.stringify(document);
    app.get(path, (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
  }
  app.get<{ Params: { product: string } }>('/schemas/:product.json', (request, reply) => {
    const schema = options.schemas.get(request.params.product);
    if (schema === undefined) return sendProblem(reply, 'not-found');
    return reply.type('application/schema+json').send(JSON.stringify(schema));
  });
  app.register(options.console, { prefix: '/console' });
  app.register(options.reference, { prefix: '/docs' });
  return app;
};
