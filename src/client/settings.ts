import type { KeyObject } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { parseBaseUrl } from '../core/base-url.ts';
import { Secret } from '../core/secret.ts';
import { isTimeZone } from '../core/time.ts';
import { loadPrivateKey } from '../verify/keys.ts';
import type { PathOverride } from './endpoints/definition.ts';
import { type CallName, findEndpoint } from './endpoints/table.ts';
import type { RetryPolicy } from './retry-timing.ts';

/** How a call ended, for metrics. Contains no value from the request. */
export type CallReport = {
  /** The method, such as `payout.create`. */
  readonly endpoint: CallName;
  /** `resolved`: the reply was lost, but a query showed that the call had succeeded. */
  readonly outcome: 'ok' | 'resolved' | 'api-error' | 'timeout' | 'network' | 'bad-reply' | 'bad-request';
  /** Attempts in total, including the queries that resolve a lost reply. */
  readonly attempts: number;
  /** In milliseconds. */
  readonly durationMs: number;
};

/** Clock, random numbers and sleep, which tests can replace. */
export type ClientRuntime = {
  /** The current time, in milliseconds since 1970. */
  readonly now: () => number;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Resolves after `ms` milliseconds; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

/** Options of `createPaycoolsClient`. */
export type PaycoolsClientOptions = {
  /** Address of PayCools, such as https://api-uat.paycools.com. Required: the production address is not public. */
  readonly baseUrl: string;
  /** Your application's id at PayCools. */
  readonly appId: string;
  /** Your application's name, for the calls that require one. */
  readonly appName?: string;
  /** The merchant's RSA private key: PKCS#8, as PEM or bare base64. */
  readonly privateKey: string | Secret;
  /**
   * Time limit for a whole call including its retries, in milliseconds.
   *
   * @defaultValue 30,000 (30 seconds)
   */
  readonly timeoutMs?: number;
  /**
   * Time limit for one attempt, in milliseconds.
   *
   * @defaultValue a third of `timeoutMs`, which leaves time to query a creation whose reply was lost
   */
  readonly attemptTimeoutMs?: number;
  /**
   * How calls that are safe to repeat are retried; omitted members keep their defaults. `false` disables retries.
   *
   * @defaultValue `{ attempts: 4, baseMs: 250, maxMs: 5000 }`
   */
  readonly retry?: Partial<RetryPolicy> | false;
  /**
   * The function that sends requests.
   *
   * @defaultValue the global `fetch`
   */
  readonly fetch?: typeof fetch;
  /** Overrides of how a call is sent, by its name (docs/paycools.md 8.1). A string overrides the path alone. */
  readonly paths?: Readonly<Partial<Record<CallName, string | PathOverride>>>;
  /**
   * What the signature of an envelope covers: `appId` and `param`, or `param` alone (docs/paycools.md 7).
   *
   * @defaultValue `'fields'`
   */
  readonly envelope?: 'fields' | 'param';
  /**
   * IANA name of the time zone of PayCools's times, which have no offset.
   *
   * @defaultValue `'Asia/Manila'`
   */
  readonly timeZone?: string;
  /**
   * Maximum size of a reply, in bytes. A larger one fails the call with a PaycoolsResponseError.
   *
   * @defaultValue 8,388,608 (8 MiB)
   */
  readonly maxReplyBytes?: number;
  /** Called with a report when a call has ended. An error that it throws is ignored. */
  readonly observe?: (report: CallReport) => void;
  /** Replaces clock, random numbers and sleep, for tests. */
  readonly runtime?: Partial<ClientRuntime>;
};

/** The options, validated and complete. */
export type Settings = Required<Omit<PaycoolsClientOptions, 'appName' | 'privateKey' | 'retry' | 'runtime'>> & {
  readonly appName: string | null;
  readonly privateKey: KeyObject;
  readonly retry: RetryPolicy;
  readonly runtime: ClientRuntime;
};

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_REPLY_BYTES = 8 * 1024 * 1024;
const DEFAULT_RETRY: RetryPolicy = { attempts: 4, baseMs: 250, maxMs: 5000 };

const realRuntime: ClientRuntime = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};

const checkBaseUrl = (text: string): string => {
  const baseUrl = parseBaseUrl(text);
  if (!baseUrl.ok) throw new TypeError(`baseUrl ${baseUrl.error}`);
  return baseUrl.value;
};

const checkPaths = (paths: Settings['paths']): Settings['paths'] => {
  for (const [call, override] of Object.entries(paths)) {
    const path = typeof override === 'string' ? override : override.path;
    if (findEndpoint(call) === undefined) throw new TypeError(`paths: ${call} is not a known call`);
    if (path !== undefined && !path.startsWith('/'))
      throw new TypeError(`paths: the path of ${call} must begin with /`);
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

/** Validates the options and adds the defaults. Throws TypeError, which never shows a value. */
export const readSettings = (options: PaycoolsClientOptions): Settings => {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, timeZone = 'Asia/Manila', retry, runtime, appName = null } = options;
  for (const name of ['baseUrl', 'appId', 'privateKey'] as const) {
    if (options[name] === undefined) throw new TypeError(`${name} is missing`); // possible in JavaScript
  }
  if (options.appId.trim() === '') throw new TypeError('appId is empty');
  if (!isTimeZone(timeZone)) throw new TypeError('timeZone is not an IANA time zone');
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
