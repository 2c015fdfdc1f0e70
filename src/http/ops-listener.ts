import Fastify, { type FastifyInstance } from 'fastify';
import { problemHandler, sendProblem } from './problem.ts';

/** Something that must be in order before callbacks may be sent here. */
export interface ReadinessCheck {
  readonly name: 'redis' | 'durability' | 'memory' | 'spool' | 'config';
  /** Null when it is in order; otherwise one sentence that says what is wrong and what to do. */
  check(): Promise<string | null>;
}

export type OpsListenerOptions = {
  readonly checks: readonly ReadinessCheck[];
  /** True from the moment that the service was told to stop. */
  readonly isStopping: () => boolean;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
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
  return app;
};
