import {
  PaycoolsApiError,
  PaycoolsError,
  PaycoolsNetworkError,
  PaycoolsResponseError,
  PaycoolsTimeoutError,
} from '../client/index.ts';
import type { Pace, ReadFailure } from './ports.ts';

export type RequestsOptions = {
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. Measures reply times; omit it if nobody needs them. */
  readonly now?: () => number;
  /** Maximum attempts per request. The client's own retries count as one attempt. Default 1. */
  readonly maxAttempts?: number;
};

/** Consecutive requests without any connection or reply after which no more are sent. */
const MAX_UNREACHABLE = 10;
const NOT_FOUND = 404;

/** Codes for "no such transaction" (docs/paycools.md 11.1, 11.2). */
const ABSENT: ReadonlySet<number | string> = new Set([1008, 1501]);

export const isAbsent = (error: unknown): boolean => error instanceof PaycoolsApiError && ABSENT.has(error.code);

/** A refusal or an unknown path would fail the same way again. */
const isWorthRetrying = (error: PaycoolsError): boolean =>
  !(error instanceof PaycoolsApiError && !error.retryable) &&
  !(error instanceof PaycoolsResponseError && error.httpStatus === NOT_FOUND);

const isUnreachable = (error: PaycoolsError): boolean =>
  error instanceof PaycoolsNetworkError || error instanceof PaycoolsTimeoutError;

const isUnauthorized = (error: PaycoolsError): boolean => error instanceof PaycoolsApiError && error.kind === 'auth';

/** Sends requests at the given pace, retries failed ones, and stops sending when PayCools cannot be reached. */
export class Requests {
  readonly #options: RequestsOptions;
  /** Whether PayCools has answered anything in this run. */
  #hasAnswered = false;
  #unreachable = 0;
  #latencyMs = 0;
  #fatalError: PaycoolsError | null = null;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** Moving average of the reply time, in milliseconds. */
  get latencyMs(): number {
    return this.#latencyMs;
  }

  /** The error if PayCools refused access, or could not be reached, before it answered anything. */
  get fatalError(): PaycoolsError | null {
    return this.#fatalError;
  }

  /** @returns what `ask` returns, or why there is no usable reply */
  async send<Value>(ask: () => Promise<Value>): Promise<Value | ReadFailure> {
    const { signal, maxAttempts = 1 } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      if (this.#unreachable >= MAX_UNREACHABLE) return { reason: 'PayCools cannot be reached' };
      try {
        return await this.#sendOnce(ask);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PaycoolsError)) throw error;
        this.#countFailure(error);
        const isLast = attempt >= maxAttempts || this.#fatalError !== null || !isWorthRetrying(error);
        if (isLast) return { reason: error.message };
      }
    }
  }

  async #sendOnce<Value>(ask: () => Promise<Value>): Promise<Value> {
    const { pace, now = () => 0 } = this.#options;
    await pace();
    const startedAt = now();
    const value = await ask();
    this.#latencyMs = (this.#latencyMs + now() - startedAt) / 2;
    this.#hasAnswered = true;
    this.#unreachable = 0;
    return value;
  }

  #countFailure(error: PaycoolsError): void {
    this.#unreachable = isUnreachable(error) ? this.#unreachable + 1 : 0;
    const isFatal = isUnauthorized(error) || this.#unreachable >= MAX_UNREACHABLE;
    if (!this.#hasAnswered && isFatal) this.#fatalError = error;
    if (!isUnreachable(error) && !isUnauthorized(error)) this.#hasAnswered = true;
  }
}
