import Fastify, { type FastifyInstance } from 'fastify';
import type { Readiness } from '../receive/ports.ts';
import { problemHandler, sendProblem } from './problem.ts';

export type OpsListenerOptions = {
  readonly readiness: () => Promise<Readiness>;
  /** True from the moment that the service was told to stop. */
  readonly isStopping: () => boolean;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** JSON documents by path: OpenAPI of the public listener, AsyncAPI of the queues. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** JSON Schema of the events of each product. */
  readonly schemas: ReadonlyMap<string, unknown>;
  readonly onBug: (error: unknown) => void;
};

/** One word for the state, for people and dashboards; the status code is for the ingress. */
const stateOf = (
  { isReady, reasons }: Readiness,
  isStopping: boolean,
): 'stopping' | 'not ready' | 'degraded' | 'ready' => {
  if (isStopping) return 'stopping';
  if (!isReady) return 'not ready';
  return Object.keys(reasons).length === 0 ? 'ready' : 'degraded';
};

/** The listener of the operators: probes and metrics. Not for the public network. */
export const buildOpsListener = (options: OpsListenerOptions): FastifyInstance => {
  const app = Fastify({ logger: false });
  app.setErrorHandler(problemHandler(options.onBug));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'));

  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const readiness = await options.readiness();
    const status = stateOf(readiness, options.isStopping());
    const isOk = status === 'ready' || status === 'degraded';
    return reply.code(isOk ? 200 : 503).send({ status, reasons: readiness.reasons });
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
  return app;
};
