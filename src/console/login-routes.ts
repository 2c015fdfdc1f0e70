import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FailureLimiter } from '../http/failure-limiter.ts';
import { isSameOrigin, refusalOf, SESSION_COOKIE } from './access.ts';
import type { ConsoleOptions } from './frame.ts';
import { createSession, isToken, SESSION_MS } from './session.ts';
import { loginPage, refusalPage } from './views/login.ts';

/** Only paths of the console: a link to the login must not lead elsewhere afterwards. */
const nextOf = (value: unknown): string =>
  typeof value === 'string' && /^\/console(?:[/?][\w\-./?=&%{}~+]*)?$/.test(value) && !value.includes('//')
    ? value
    : '/console';

const formOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? { ...body } : {};

/** `Secure` where the browser came by https; a proxy tells that, and whoever lies about it harms only himself. */
const cookieOf = (request: FastifyRequest, value: string, maxAgeS: number): string => {
  const isHttps = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  const secure = isHttps ? '; Secure' : '';
  return `${SESSION_COOKIE}=${value}; Path=/console; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
};

const sendHtml = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(page);

/** The login by form, where there is a token; and the logout. */
export const loginRoutes = (app: FastifyInstance, options: ConsoleOptions, limiter: FailureLimiter): void => {
  const { access, now, operations, onError } = options;

  const note = (request: FastifyRequest, isDone: boolean): void => {
    const message = isDone ? 'logged in' : 'the token was wrong';
    const entry = {
      at: now(),
      actor: `console ${request.ip}`,
      action: 'log-in',
      id: 'console',
      isDone,
      message,
    } as const;
    operations.noteAction(entry).catch(onError); // nobody is kept out of the console because Redis is away
  };

  app.get<{ Querystring: Record<string, unknown> }>('/login', (request, reply) => {
    const refusal = refusalOf(request.headers, access);
    if (refusal !== null) return sendHtml(reply, 403, refusalPage(refusal));
    if (access.kind !== 'token') return reply.redirect('/console', 303);
    return sendHtml(reply, 200, loginPage({ next: nextOf(request.query['next']), problem: null }));
  });

  app.post('/login', (request, reply) => {
    const refusal = refusalOf(request.headers, access);
    if (refusal !== null) return sendHtml(reply, 403, refusalPage(refusal));
    if (access.kind !== 'token') return reply.redirect('/console', 303);
    const { token, next } = formOf(request.body);
    const again = (status: number, problem: string): FastifyReply =>
      sendHtml(reply, status, loginPage({ next: nextOf(next), problem }));
    if (!isSameOrigin(request.headers)) return again(403, 'The form did not come from this console. Try again here.');
    const waitS = limiter.waitOf(request.ip);
    if (waitS !== null) {
      reply.header('retry-after', waitS);
      return again(429, `Too many wrong tokens from this address. Try again in ${waitS} s.`);
    }
    if (typeof token !== 'string' || !isToken(token.trim(), access.token)) {
      limiter.note(request.ip);
      note(request, false);
      return again(401, 'The token is wrong.');
    }
    note(request, true);
    reply.header('set-cookie', cookieOf(request, createSession(access.token, now()), SESSION_MS / 1000));
    return reply.redirect(nextOf(next), 303);
  });

  app.post('/logout', (request, reply) => {
    if (!isSameOrigin(request.headers))
      return sendHtml(reply, 403, refusalPage('The form did not come from this console.'));
    return reply.header('set-cookie', cookieOf(request, '', 0)).redirect('/console/login', 303);
  });
};
