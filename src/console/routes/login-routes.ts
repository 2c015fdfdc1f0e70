import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FailureLimiter } from '../../http/failure-limiter.ts';
import { type Access, findOperator, isSameOrigin, type Operator, refusalOf, SESSION_COOKIE } from '../access/access.ts';
import { createSession, SESSION_MS } from '../access/session.ts';
import { type ConsoleOptions, readWithin, sendHtml } from '../send-page.ts';
import { loginPage, refusalPage } from '../views/login.ts';
import { formOf } from './query.ts';

/** Only paths of the console: a link to the login must not redirect elsewhere afterwards. */
const nextOf = (value: unknown): string =>
  typeof value === 'string' && /^\/console(?:[/?][\w\-./?=&%{}~+]*)?$/.test(value) && !value.includes('//')
    ? value
    : '/console';

/** `Secure` if the browser used https, which a proxy reports; a client that lies about it harms only itself. */
const cookieOf = (request: FastifyRequest, value: string, maxAgeS: number): string => {
  const isHttps = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  const secure = isHttps ? '; Secure' : '';
  return `${SESSION_COOKIE}=${value}; Path=/console; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
};

/** Replies to visitors who cannot or need not log in; returns null for those who can. */
const skipLogin = (request: FastifyRequest, reply: FastifyReply, access: Access): FastifyReply | null => {
  const refusal = refusalOf(request.headers, access);
  if (refusal !== null) return sendHtml(reply, 403, refusalPage(refusal));
  return access.kind === 'token' ? null : reply.redirect('/console', 303);
};

type Attempt = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly operators: readonly Operator[];
};

const logIn = (
  { request, reply, operators }: Attempt,
  options: ConsoleOptions,
  limiter: FailureLimiter,
): FastifyReply => {
  const { now, operations, onError } = options;
  const form = formOf(request.body);
  const next = nextOf(form['next']);
  const showForm = (status: number, problem: string): FastifyReply =>
    sendHtml(reply, status, loginPage({ next, problem }));
  const audit = (isDone: boolean, message: string, name: string | null = null): void => {
    const entry = {
      at: now(),
      actor: `console ${name ?? request.ip}`,
      action: 'log-in',
      id: 'console',
      isDone,
      message,
    } as const;
    const recorded = readWithin(options, () => operations.recordAction(entry));
    recorded.catch(onError); // a login works while Redis is unavailable
  };
  if (!isSameOrigin(request.headers)) return showForm(403, 'The form did not come from this console. Try again here.');
  const waitS = limiter.retryAfter(request.ip);
  if (waitS !== null) {
    reply.header('retry-after', waitS);
    return showForm(429, `Too many wrong tokens from this address. Try again in ${waitS} s.`);
  }
  const operator = findOperator(String(form['token'] ?? '').trim(), operators);
  if (operator === null) {
    limiter.recordFailure(request.ip);
    audit(false, 'the token was wrong');
    return showForm(401, 'The token is wrong.');
  }
  audit(true, `logged in from ${request.ip}`, operator.name);
  reply.header('set-cookie', cookieOf(request, createSession(operator.token, now()), SESSION_MS / 1000));
  return reply.redirect(next, 303);
};

/** The login form, if a token is set, and the logout. */
export const loginRoutes = (app: FastifyInstance, options: ConsoleOptions, limiter: FailureLimiter): void => {
  const { access } = options;

  app.get<{ Querystring: Record<string, unknown> }>(
    '/login',
    (request, reply) =>
      skipLogin(request, reply, access) ??
      sendHtml(reply, 200, loginPage({ next: nextOf(request.query['next']), problem: null })),
  );

  app.post('/login', (request, reply) => {
    const skipped = skipLogin(request, reply, access);
    if (skipped !== null || access.kind !== 'token') return skipped;
    return logIn({ request, reply, operators: access.operators }, options, limiter);
  });

  app.post('/logout', (request, reply) => {
    if (!isSameOrigin(request.headers))
      return sendHtml(reply, 403, refusalPage('The form did not come from this console.'));
    return reply.header('set-cookie', cookieOf(request, '', 0)).redirect('/console/login', 303);
  });
};
