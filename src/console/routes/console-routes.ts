import type { FastifyError, FastifyInstance } from 'fastify';
import { FailureLimiter } from '../../http/failure-limiter.ts';
import { guard } from '../access/guard.ts';
import { PAGE_POLICY, setSecurityHeaders } from '../access/security-headers.ts';
import { assets } from '../assets.ts';
import { type ConsoleOptions, sendPage } from '../send-page.ts';
import { emptyState } from '../views/format.ts';
import { refusalPage } from '../views/login.ts';
import { actions } from './actions.ts';
import { board } from './board.ts';
import { callbackRoutes } from './callbacks.ts';
import { liveRoutes } from './live-routes.ts';
import { loginRoutes } from './login-routes.ts';
import { pages } from './pages.ts';
import { paymentRoutes } from './payments.ts';
import { runRoutes } from './runs.ts';
import { setAsideRoutes } from './set-aside.ts';

export type { ConsoleOptions };

/** Wrong tokens that an address may send per minute. */
const FAILURES = { limit: 10, windowMs: 60_000 };

/** Forms are small. */
const BODY_LIMIT = 16_384;

/** The fields of a form; one that is repeated is a list. */
const fieldsOf = (body: string): Readonly<Record<string, string | readonly string[]>> => {
  const form = new URLSearchParams(body);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
};

const assetRoutes = (app: FastifyInstance): void => {
  for (const [path, { type, content }] of assets) {
    app.get(path.slice('/console'.length), (_request, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(content),
    );
  }
};

const guarded = async (app: FastifyInstance, options: ConsoleOptions, limiter: FailureLimiter): Promise<void> => {
  guard(app, options, limiter);
  app.setNotFoundHandler((_request, reply) =>
    sendPage(reply, options, {
      title: 'No such page',
      section: '',
      content: emptyState('Not found.'),
      status: 404,
    }),
  );
  pages(app, options);
  paymentRoutes(app, options);
  callbackRoutes(app, options);
  actions(app, options);
  setAsideRoutes(app, options);
  runRoutes(app, options);
  liveRoutes(app, options);
  board(app, options);
};

/** The console of the operators, below `/console` of the operations listener. */
export const consoleRoutes = async (app: FastifyInstance, options: ConsoleOptions): Promise<void> => {
  const limiter = new FailureLimiter({ ...FAILURES, now: options.now });
  app.addHook('onRequest', async (_request, reply) => setSecurityHeaders(reply, PAGE_POLICY));
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, fieldsOf(body.toString())),
  );
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) options.onBug(error);
    const sentence = status >= 500 ? 'Internal error. The log has the details.' : 'Bad request.';
    return reply.code(status).type('text/html; charset=utf-8').send(refusalPage(sentence));
  });
  assetRoutes(app);
  loginRoutes(app, options, limiter);
  await app.register((scope) => guarded(scope, options, limiter));
};
