import Fastify, { type FastifyInstance } from 'fastify';
import type { ReadinessCheck } from '../receive/ports.ts';
import { problemHandler, sendProblem } from './problem.ts';

export type OpsListenerOptions = {
  readonly checks: readonly ReadinessCheck[];
  /** True from the moment that the service was told to stop. */
  readonly isStopping: () => boolean;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** JSON Schema of the events of each product. */
  readonly schemas: ReadonlyMap<string, unknown>;
  readonly onBug: (error: unknown) => void;
};

type Readiness = { readonly status: 'ready' | 'not ready' | 'stopping'; readonly reasons: Record<string, string> };

const readiness = async ({ checks, isStopping }: OpsListenerOptions): Promise<Readiness> => {
  const found = await Promise.all(checks.map(async (check) => [check.name, await check.check()] as const));
  const reasons = Object.fromEntries(found.filter((entry): entry is [(typeof entry)[0], string] => entry[1] !== null));
  if (isStopping()) return { status: 'stopping', reasons };
  return { status: Object.keys(reasons).length === 0 ? 'ready' : 'not ready', reasons };
};

/** The listener of the operators: probes and metrics. Not for the public network. */
export const buildOpsListener = (options: OpsListenerOptions): FastifyInstance => {
  const app = Fastify({ logger: false });
  app.setErrorHandler(problemHandler(options.onBug));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'));

  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const state = await readiness(options);
    return reply.code(state.status === 'ready' ? 200 : 503).send(state);
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await options.metrics();
    return reply.type(contentType).send(body);
  });
  app.get<{ Params: { product: string } }>('/schemas/:product.json', (request, reply) => {
    const schema = options.schemas.get(request.params.product);
    if (schema === undefined) return sendProblem(reply, 'not-found');
    return reply.type('application/schema+json').send(JSON.stringify(schema));
  });
  return app;
};
