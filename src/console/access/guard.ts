import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FailureLimiter } from '../../http/failure-limiter.ts';
import { type ConsoleOptions, sendHtml } from '../send-page.ts';
import { refusalPage } from '../views/login.ts';
import { type Admission, admit, isSameOrigin, refusalOf } from './access.ts';

const refuse = (reply: FastifyReply, status: number, reason: string): FastifyReply =>
  sendHtml(reply, status, refusalPage(reason));

const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && (headers.accept ?? '').includes('text/html');

/** Redirects a browser without a token to the login, and answers a program 401. */
const askForToken = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  wantsPage(request)
    ? reply.redirect(`/console/login?next=${encodeURIComponent(request.url)}`, 303)
    : refuse(reply.header('www-authenticate', 'Bearer'), 401, 'The console needs an operator token.');

/** Methods that change nothing. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A program with the token acts on its own behalf; a browser can be made to act by a foreign page. */
const mayAct = ({ method, headers }: FastifyRequest, admission: Admission): boolean =>
  SAFE.has(method) || admission === 'bearer' || isSameOrigin(headers);

/** Protects the routes registered after it. */
export const guard = (app: FastifyInstance, { access, now }: ConsoleOptions, limiter: FailureLimiter): void => {
  app.addHook('onRequest', async (request, reply) => {
    const { headers, ip } = request;
    const refusal = refusalOf(headers, access);
    if (refusal !== null) return refuse(reply, 403, refusal);
    const waitS = headers.authorization === undefined ? null : limiter.retryAfter(ip);
    if (waitS !== null) return refuse(reply.header('retry-after', waitS), 429, 'Too many wrong tokens.');
    const admission = admit(headers, access, now());
    if (admission === 'wrong token') limiter.recordFailure(ip);
    if (admission === 'wrong token' || admission === 'anonymous') return askForToken(request, reply);
    return mayAct(request, admission) ? undefined : refuse(reply, 403, 'The form did not come from this console.');
  });
};
