import type { KeyObject } from 'node:crypto';
import { Secret } from '../core/secret.ts';
import { isTimeZone } from '../core/time.ts';
import { loadPrivateKey } from '../verify/keys.ts';
import type { PathOverride } from './endpoints/definition.ts';
import { type CallName, findEndpoint } from './endpoints/table.ts';
import type { RetryPolicy } from './retry-timing.ts';

/** What a call ended with, for metrics. It holds nothing of the request. */
export type CallReport = {
  readonly endpoint: CallName;
  /** `resolved`: the reply was lost, and a query told that it was done. */
  readonly outcome: 'ok' | 'resolved' | 'api-error' | 'timeout' | 'network' | 'bad-reply' | 'bad-request';
  readonly attempts: number;
  readonly durationMs: number;
};

/** Clock, chance and waiting: real ones unless a test gives others. */
export type ClientRuntime = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

/** What `createPaycoolsClient` takes. */
export type PaycoolsClientOptions = {
  /** Address of PayCools, such as https://api-uat.paycools.com. There is no default: that of production is not public. */
  readonly baseUrl: string;
  readonly appId: string;
  /** Name of the application, for the calls that want one. */
  readonly appName?: string;
  /** The merchant's RSA private key: PKCS#8 as PEM or as bare base64. */
  readonly privateKey: string | Secret;
  /** Limit of a whole call with its retries, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Limit of one attempt, in milliseconds. Default a third of `timeoutMs`, which leaves time to ask what became of it. */
  readonly attemptTimeoutMs?: number;
  /** What is left out stays as it is by default; `false` makes every call once only. */
  readonly retry?: Partial<RetryPolicy> | false;
  readonly fetch?: typeof fetch;
  /** Other paths, and other ways to send, by call (PAYCOOLS.md 8.1). A text is a path. */
  readonly paths?: Readonly<Partial<Record<CallName, string | PathOverride>>>;
  /** What an envelope signs: its fields `appId` and `param` (default), or `param` alone (PAYCOOLS.md 7). */
  readonly envelope?: 'fields' | 'param';
  /** Zone of the times that PayCools writes without an offset. Default Asia/Manila. */
  readonly timeZone?: string;
  /** Longest reply that is read, in bytes. Default 8 MiB. */
  readonly maxReplyBytes?: number;
  /** Told about every call when it has ended. */
  readonly observe?: (report: CallReport) => void;
  readonly runtime?: Partial<ClientRuntime>;
};

/** The options, checked and complete. */
export type Settings = Required<Omit<PaycoolsClientOptions, 'appName' | 'privateKey' | 'retry' | 'runtime'>> & {
  readonly appName: string | null;
  readonly privateKey: KeyObject;
  readonly retry: RetryPolicy;
  readonly runtime: ClientRuntime;
};

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_REPLY_BYTES = 8 * 1024 * 1024;
const DEFAULT_RETRY: RetryPolicy = { attempts: 4, baseMs: 250, maxMs: 5000 };

const sleep: ClientRuntime['sleep'] = (ms, signal) => {
  if (signal.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal.reason);
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', abort, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  });
};

const realRuntime: ClientRuntime = {
  now: Date.now,
  random: Math.random,
  sleep,
};

/** Containers and this machine: a name without a dot, or loopback. Everywhere else personal data needs TLS. */
const isNear = (hostname: string): boolean =>
  !/[.:]/.test(hostname) || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname) || hostname.endsWith('.localhost');

const checkBaseUrl = (baseUrl: string): string => {
  if (!URL.canParse(baseUrl)) throw new TypeError('baseUrl is no URL');
  const { protocol, hostname, username, password, search, hash } = new URL(baseUrl);
  if (protocol !== 'https:' && !(protocol === 'http:' && isNear(hostname))) {
    throw new TypeError('baseUrl must be https (http only for this machine and for host names without a dot)');
  }
  if (username !== '' || password !== '' || search !== '' || hash !== '') {
    throw new TypeError('baseUrl must have no user, query or fragment');
  }
  return baseUrl.replace(/\/+$/, '');
};

const checkPaths = (paths: Settings['paths']): Settings['paths'] => {
  for (const [call, override] of Object.entries(paths)) {
    const path = typeof override === 'string' ? override : override.path;
    if (findEndpoint(call) === undefined) throw new TypeError(`paths names ${call}, which is no call`);
    if (path !== undefined && !path.startsWith('/')) throw new TypeError(`the path of ${call} must begin with /`);
  }
  return paths;
};

const checkKey = (privateKey: string | Secret): KeyObject => {
  const loaded = loadPrivateKey(typeof privateKey === 'string' ? new Secret(privateKey) : privateKey);
  if (!loaded.ok) throw new TypeError(`privateKey ${loaded.error}`);
  return loaded.value;
};

const checkPositive = (name: string, value: number): number => {
  if (!Number.isSafeInteger(value) || value <= 0) throw new TypeError(`${name} must be a positive integer`);
  return value;
};

/** Checks the options and fills in what is missing. Throws TypeError, which never shows a value. */
export const readSettings = (options: PaycoolsClientOptions): Settings => {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, timeZone = 'Asia/Manila', retry, runtime, appName = null } = options;
  if (options.appId.trim() === '') throw new TypeError('appId is empty');
  if (!isTimeZone(timeZone)) throw new TypeError('timeZone is no IANA time zone');
  const { attemptTimeoutMs = Math.ceil(checkPositive('timeoutMs', timeoutMs) / 3) } = options;
  const policy = { ...DEFAULT_RETRY, ...(retry === false ? { attempts: 1 } : retry) };
  checkPositive('retry.attempts', policy.attempts);
  return {
    baseUrl: checkBaseUrl(options.baseUrl),
    appId: options.appId,
    appName,
    privateKey: checkKey(options.privateKey),
    timeoutMs,
    attemptTimeoutMs: checkPositive('attemptTimeoutMs', attemptTimeoutMs),
    retry: policy,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    paths: checkPaths(options.paths ?? {}),
    envelope: options.envelope ?? 'fields',
    timeZone,
    maxReplyBytes: checkPositive('maxReplyBytes', options.maxReplyBytes ?? DEFAULT_MAX_REPLY_BYTES),
    observe: options.observe ?? (() => {}),
    runtime: { ...realRuntime, ...runtime },
  };
};
