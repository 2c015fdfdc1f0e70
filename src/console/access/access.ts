import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../../core/base-url.ts';
import type { Secret } from '../../core/secret.ts';
import { isSession, isToken } from './session.ts';

/** Somebody with a token; without a name where it is the one that all share. */
export type Operator = { readonly name: string | null; readonly token: Secret };

/** Who may use the console: holders of a token; without one, anyone on this machine; or nobody. */
export type Access =
  | { readonly kind: 'token'; readonly operators: readonly Operator[] }
  | { readonly kind: 'loopback'; readonly hosts: ReadonlySet<string> }
  | { readonly kind: 'closed' };

/** What admits a request; `anonymous` must log in first. */
export type Admission = 'bearer' | 'session' | 'loopback' | 'anonymous' | 'wrong token';

export const SESSION_COOKIE = 'paycools_console';

/** Decides who may use the console of a listener on `host`. */
export const accessOf = (host: string, token: Secret | null, named: readonly Operator[] = []): Access => {
  const operators = token === null ? named : [...named, { name: null, token }];
  if (operators.length > 0) return { kind: 'token', operators };
  if (!isLoopback(host)) return { kind: 'closed' };
  return { kind: 'loopback', hosts: new Set(['127.0.0.1', 'localhost', '[::1]', host]) };
};

/** The name of a Host header, without its port. */
const nameOf = (host: string | undefined): string => (host ?? '').replace(/:\d+$/, '').toLowerCase();

const CLOSED =
  'The console is closed: the operations listener is not on loopback, and OPS_TOKEN is not set. Set OPS_TOKEN and restart.';
const LOCAL_ONLY =
  'Without OPS_TOKEN the console can be opened only on this machine, at its own address. Set OPS_TOKEN and restart.';

/**
 * Why a request is refused whatever token it has; null where it may be admitted. Without a token only browsers and
 * programs of this machine are: a foreign page whose name was made to point here is recognized by its Host header, and a
 * proxy by the headers that it adds.
 */
export const refusalOf = (headers: IncomingHttpHeaders, access: Access): string | null => {
  if (access.kind === 'closed') return CLOSED;
  if (access.kind === 'token') return null;
  const isForwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  return !isForwarded && access.hosts.has(nameOf(headers.host)) ? null : LOCAL_ONLY;
};

const cookieOf = ({ cookie = '' }: IncomingHttpHeaders): string =>
  new RegExp(`(?:^|; *)${SESSION_COOKIE}=([^;]*)`).exec(cookie)?.[1] ?? '';

/** What admits a request that is not refused altogether. A wrong bearer token is rejected, not treated as missing. */
export const admit = (headers: IncomingHttpHeaders, access: Access, now: number): Admission => {
  if (access.kind === 'loopback') return 'loopback';
  if (access.kind === 'closed') return 'anonymous';
  const operator = operatorOf(headers, access, now);
  if (headers.authorization === undefined) return operator === null ? 'anonymous' : 'session';
  return operator === null ? 'wrong token' : 'bearer';
};

/** Whose token it is; null where it is nobody's. */
export const operatorOfToken = (given: string, operators: readonly Operator[]): Operator | null =>
  operators.find(({ token }) => isToken(given, token)) ?? null;

/** Whose token or session a request has; null where there is none. */
const operatorOf = (headers: IncomingHttpHeaders, access: Access, now: number): Operator | null => {
  if (access.kind !== 'token') return null;
  const { authorization } = headers;
  if (authorization !== undefined)
    return operatorOfToken(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '', access.operators);
  return access.operators.find(({ token }) => isSession(cookieOf(headers), token, now)) ?? null;
};

type Asking = { readonly headers: IncomingHttpHeaders; readonly ip: string };

/** Who acts, as the audit names them: the operator, else the address. */
export const actorOf = ({ headers, ip }: Asking, access: Access, now: number): string =>
  `console ${operatorOf(headers, access, now)?.name ?? ip}`;

/**
 * Whether a browser sent this from a page of the console itself. Browsers state it with every form that is posted; a
 * program that does not is not a browser, and has a bearer token instead.
 */
export const isSameOrigin = ({ host, origin, ...headers }: IncomingHttpHeaders): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  if (origin === undefined || host === undefined) return false;
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
};
