import { errorCodeOf } from '../core/error-code.ts';
import { PaycoolsNetworkError } from './errors/paycools-network-error.ts';
import { PaycoolsResponseError } from './errors/paycools-response-error.ts';
import { PaycoolsTimeoutError } from './errors/paycools-timeout-error.ts';
import type { PreparedRequest, Target } from './request.ts';

/** A reply as received, not yet checked. */
export type RawReply = { readonly httpStatus: number; readonly retryAfter: string | null; readonly body: Uint8Array };

/** The limits of a whole call. */
export type CallLimits = {
  readonly timeoutMs: number;
  /** When `timeoutMs` ends, in milliseconds since 1970. */
  readonly deadline: number;
  /** Aborts when `timeoutMs` ends. */
  readonly overall: AbortSignal;
  /** The caller's own signal, or one that never aborts. */
  readonly caller: AbortSignal;
};

export type Exchange = {
  readonly call: Target['call'];
  readonly isRead: boolean;
  readonly fetch: typeof fetch;
  readonly request: PreparedRequest;
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
  readonly limits: CallLimits;
};

/** Errors that occur before any byte of the request is sent; another attempt may succeed. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** The certificate was refused before any byte of the request was sent. Another attempt would not help. */
const NOT_TRUSTED = /^(?:CERT_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(?:GET|VERIFY))/;

const networkError = (error: unknown, { call, isRead }: Exchange): PaycoolsNetworkError => {
  const reason = errorCodeOf(error) ?? 'unknown';
  const isUntrusted = NOT_TRUSTED.test(reason);
  const isUnsent = isUntrusted || NOT_CONNECTED.has(reason);
  return new PaycoolsNetworkError({
    call,
    reason,
    outcome: isUnsent ? 'not-sent' : 'unknown',
    retryable: !isUntrusted && (isUnsent || isRead),
    cause: error,
  });
};

const responseError = (
  { call }: Exchange,
  { status }: Response,
  problem: 'too-large' | 'redirect',
): PaycoolsResponseError =>
  new PaycoolsResponseError({ call, problem, httpStatus: status, outcome: 'unknown', retryable: false });

/** Reads the body, but stops at the size limit. */
const readBody = async (response: Response, exchange: Exchange): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > exchange.maxReplyBytes) throw responseError(exchange, response, 'too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const isRedirect = ({ status, type }: Response): boolean =>
  type === 'opaqueredirect' || (status >= 300 && status < 400);

const receive = async (exchange: Exchange, signal: AbortSignal): Promise<RawReply> => {
  const { url, method, headers, body } = exchange.request;
  const response = await exchange.fetch(url, { method, headers, body, signal, redirect: 'manual' });
  if (isRedirect(response)) {
    await response.body?.cancel();
    throw responseError(exchange, response, 'redirect');
  }
  const retryAfter = response.headers.get('retry-after');
  return { httpStatus: response.status, retryAfter, body: await readBody(response, exchange) };
};

/** Resolves or rejects as `work` does, or rejects as soon as the signal is aborted, even if the given fetch ignores it. */
const orAbort = async <Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<Value> => {
  signal.throwIfAborted(); // a signal that is already aborted emits no event
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work(), promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

/** The error for the signal that aborted the attempt; null if none did. */
const abortError = (limit: AbortSignal, { call, isRead, timeoutMs, limits }: Exchange): Error | null => {
  const details = { call, outcome: 'unknown', retryable: false } as const;
  if (limits.caller.aborted) {
    return new PaycoolsNetworkError({ ...details, reason: 'aborted', cause: limits.caller.reason });
  }
  if (limits.overall.aborted) return new PaycoolsTimeoutError({ ...details, timeoutMs: limits.timeoutMs });
  return limit.aborted ? new PaycoolsTimeoutError({ ...details, timeoutMs, retryable: isRead }) : null;
};

/**
 * Sends a request once and reads the whole reply.
 *
 * @throws PaycoolsTimeoutError, PaycoolsNetworkError, or PaycoolsResponseError for a redirect or an oversized reply
 */
export const exchangeOnce = async (exchange: Exchange): Promise<RawReply> => {
  const { limits, timeoutMs } = exchange;
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([limit, limits.overall, limits.caller]);
  try {
    return await orAbort(() => receive(exchange, signal), signal);
  } catch (error) {
    if (error instanceof PaycoolsResponseError) throw error;
    throw abortError(limit, exchange) ?? networkError(error, exchange);
  }
};
