import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../core/base-url.ts';
import type { Secret } from '../../core/secret.ts';
import { isSession, isToken } from './session.ts';

/** A holder of a token; the shared token has no name. */
export type Operator = { readonly name: string | null; readonly token: Secret };

/** Who may use the console: holders of a token; if none is set, anyone on this machine; or nobody. */
export type Access =
  | { readonly kind: 'token'; readonly operators: readonly Operator[] }
  | { readonly kind: 'loopback'; readonly hosts: ReadonlySet<string> }
  | { readonly kind: 'closed' };

/** How a request is admitted; `anonymous` must log in first. */
export type Admission = 'bearer' | 'session' | 'loopback' | 'anonymous' | 'wrong token';

export const SESSION_COOKIE = 'paycools_console';

/** Decides who may use the console of a listener on `host`. */
export const accessOf = (host: string, token: Secret | null, named: readonly Operator[] = []): Access => {
  const operators = token === null ? named : [...named, { name: null, token }];
  if (operators.length > 0) return { kind: 'token', operators };
  if (!isLoopback(host)) return { kind: 'closed' };
  return { kind: 'loopback', hosts: new Set(['127.0.0.1', 'localhost', '[::1]', host]) };
};

/** The host name of a Host header, without its port. */
const hostName = (host: string | undefined): string => (host ?? '').replace(/:\d+$/, '').toLowerCase();

const CLOSED =
  'The console is closed: the operations listener is not on loopback, and OPS_TOKEN is not set. Set OPS_TOKEN and restart.';
const LOCAL_ONLY =
  'Without OPS_TOKEN the console can be opened only on this machine, at its own address. Set OPS_TOKEN and restart.';

/**
 * Why a request is refused whatever token it carries; null if it may be admitted. If no token is set, only browsers and
 * programs on this machine are admitted: DNS rebinding is recognized by the Host header, and a proxy by the headers that
 * it adds.
 */
export const refusalOf = (headers: IncomingHttpHeaders, access: Access): string | null => {
  if (access.kind === 'closed') return CLOSED;
  if (access.kind === 'token') return null;
  const isForwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  return !isForwarded && access.hosts.has(hostName(headers.host)) ? null : LOCAL_ONLY;
};

const cookieOf = ({ cookie = '' }: IncomingHttpHeaders): string =>
  new RegExp(`(?:^|; *)${SESSION_COOKIE}=([^;]*)`).exec(cookie)?.[1] ?? '';

/** How a request is admitted, after {@link refusalOf}. A wrong bearer token is rejected, not treated as missing. */
export const admit = (headers: IncomingHttpHeaders, access: Access, now: number): Admission => {
  if (access.kind === 'loopback') return 'loopback';
  if (access.kind === 'closed') return 'anonymous';
  const operator = operatorOf(headers, access, now);
  if (headers.authorization === undefined) return operator === null ? 'anonymous' : 'session';
  return operator === null ? 'wrong token' : 'bearer';
};

/** The holder of a token; null if nobody holds it. */
export const findOperator = (given: string, operators: readonly Operator[]): Operator | null =>
  operators.find(({ token }) => isToken(given, token)) ?? null;

/** The operator whose token or session a request carries; null if there is none. */
const operatorOf = (headers: IncomingHttpHeaders, access: Access, now: number): Operator | null => {
  if (access.kind !== 'token') return null;
  const { authorization } = headers;
  if (authorization !== undefined)
    return findOperator(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '', access.operators);
  return access.operators.find(({ token }) => isSession(cookieOf(headers), token, now)) ?? null;
};

/** The actor as the audit names it: the operator, else the address. */
export const actorOf = ({ headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>, access: Access, now: number): string =>
  `console ${operatorOf(headers, access, now)?.name ?? ip}`;

/**
 * Whether a page of the console itself sent a request. Browsers state the origin of every form that they post; a program
 * that does not needs a bearer token instead.
 */
export const isSameOrigin = ({ host, origin, ...headers }: IncomingHttpHeaders): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  if (origin === undefined || host === undefined) return false;
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
};
