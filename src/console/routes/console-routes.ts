import { parse } from 'node:querystring';
import type { FastifyError, FastifyInstance } from 'fastify';
import { FailureLimiter } from '../../http/failure-limiter.ts';
import { guard } from '../access/guard.ts';
import { PAGE_POLICY, setSecurityHeaders } from '../access/security-headers.ts';
import { assets } from '../assets.ts';
import { type ConsoleOptions, sendHtml, sendPage } from '../send-page.ts';
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

/** Number of wrong tokens that an address may send per minute. */
const FAILURES = { limit: 10, windowMs: 60_000 };

/** Maximum size of a form, in bytes. */
const BODY_LIMIT = 16_384;

const assetRoutes = (app: FastifyInstance): void => {
  for (const [path, { type, content }] of assets) {
    app.get(path.slice('/console'.length), (_request, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(content),
    );
  }
};

const guardedRoutes = async (app: FastifyInstance, options: ConsoleOptions, limiter: FailureLimiter): Promise<void> => {
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

/** The operators' console, below `/console` of the operations listener. */
export const consoleRoutes = async (app: FastifyInstance, options: ConsoleOptions): Promise<void> => {
  const limiter = new FailureLimiter({ ...FAILURES, now: options.now });
  app.addHook('onRequest', async (_request, reply) => setSecurityHeaders(reply, PAGE_POLICY));
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, parse(body.toString(), '&', '=', { maxKeys: 0 })),
  );
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) options.onBug(error);
    const sentence = status >= 500 ? 'Internal error. The log has the details.' : 'Bad request.';
    return sendHtml(reply, status, refusalPage(sentence));
  });
  assetRoutes(app);
  loginRoutes(app, options, limiter);
  await app.register((scope) => guardedRoutes(scope, options, limiter));
};
