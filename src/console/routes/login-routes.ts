import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FailureLimiter } from '../../http/failure-limiter.ts';
import {
  type Access,
  isSameOrigin,
  type Operator,
  operatorOfToken,
  refusalOf,
  SESSION_COOKIE,
} from '../access/access.ts';
import { createSession, SESSION_MS } from '../access/session.ts';
import { type ConsoleOptions, readWithin } from '../send-page.ts';
import { loginPage, refusalPage } from '../views/login.ts';

/** Only paths of the console: a link to the login must not lead elsewhere afterwards. */
const nextOf = (value: unknown): string =>
  typeof value === 'string' && /^\/console(?:[/?][\w\-./?=&%{}~+]*)?$/.test(value) && !value.includes('//')
    ? value
    : '/console';

const formOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? { ...body } : {};

/** `Secure` where the browser used https; a proxy reports it, and a client that lies about it harms only itself. */
const cookieOf = (request: FastifyRequest, value: string, maxAgeS: number): string => {
  const isHttps = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  const secure = isHttps ? '; Secure' : '';
  return `${SESSION_COOKIE}=${value}; Path=/console; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
};

const sendHtml = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(page);

/** Explains a refusal to those who cannot log in at all; where there is no token there is no login. */
const turnAway = (request: FastifyRequest, reply: FastifyReply, access: Access): FastifyReply | null => {
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
  const again = (status: number, problem: string): FastifyReply =>
    sendHtml(reply, status, loginPage({ next, problem }));
  const note = (isDone: boolean, message: string, name: string | null = null): void => {
    const entry = {
      at: now(),
      actor: `console ${name ?? request.ip}`,
      action: 'log-in',
      id: 'console',
      isDone,
      message,
    } as const;
    const noted = readWithin(options, () => operations.recordAction(entry));
    noted.catch(onError); // nobody is kept out of the console because Redis is unavailable
  };
  if (!isSameOrigin(request.headers)) return again(403, 'The form did not come from this console. Try again here.');
  const waitS = limiter.waitOf(request.ip);
  if (waitS !== null) {
    reply.header('retry-after', waitS);
    return again(429, `Too many wrong tokens from this address. Try again in ${waitS} s.`);
  }
  const operator = operatorOfToken(String(form['token'] ?? '').trim(), operators);
  if (operator === null) {
    limiter.note(request.ip);
    note(false, 'the token was wrong');
    return again(401, 'The token is wrong.');
  }
  note(true, `logged in from ${request.ip}`, operator.name);
  reply.header('set-cookie', cookieOf(request, createSession(operator.token, now()), SESSION_MS / 1000));
  return reply.redirect(next, 303);
};

/** The login by form, where there is a token; and the logout. */
export const loginRoutes = (app: FastifyInstance, options: ConsoleOptions, limiter: FailureLimiter): void => {
  const { access } = options;

  app.get<{ Querystring: Record<string, unknown> }>(
    '/login',
    (request, reply) =>
      turnAway(request, reply, access) ??
      sendHtml(reply, 200, loginPage({ next: nextOf(request.query['next']), problem: null })),
  );

  app.post('/login', (request, reply) => {
    const turned = turnAway(request, reply, access);
    if (turned !== null || access.kind !== 'token') return turned;
    return logIn({ request, reply, operators: access.operators }, options, limiter);
  });

  app.post('/logout', (request, reply) => {
    if (!isSameOrigin(request.headers))
      return sendHtml(reply, 403, refusalPage('The form did not come from this console.'));
    return reply.header('set-cookie', cookieOf(request, '', 0)).redirect('/console/login', 303);
  });
};
