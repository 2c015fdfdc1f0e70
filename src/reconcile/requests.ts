import {
  PaycoolsApiError,
  PaycoolsError,
  PaycoolsNetworkError,
  PaycoolsResponseError,
  PaycoolsTimeoutError,
} from '../client/index.ts';
import type { NotRead, Pace } from './ports.ts';

export type RequestsOptions = {
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. Only measures; by default nothing is measured. */
  readonly now?: () => number;
  /** How often something is asked for, beside the repeats of the client. Default once. */
  readonly tries?: number;
};

/** Requests in a row that reach nobody, after which no more are sent in this run. */
const OUTAGE = 10;
const NOT_FOUND = 404;

/** Codes that say that there is no such transaction (PAYCOOLS.md 11.1, 11.2). */
const ABSENT: ReadonlySet<number | string> = new Set([1008, 1501]);

export const isAbsent = (error: unknown): boolean => error instanceof PaycoolsApiError && ABSENT.has(error.code);

/** A refusal stays one, and so does an address that does not exist. */
const isWorthAnotherTry = (error: PaycoolsError): boolean =>
  !(error instanceof PaycoolsApiError && !error.retryable) &&
  !(error instanceof PaycoolsResponseError && error.httpStatus === NOT_FOUND);

const isUnreachable = (error: PaycoolsError): boolean =>
  error instanceof PaycoolsNetworkError || error instanceof PaycoolsTimeoutError;

const isRefusedOutright = (error: PaycoolsError): boolean => error instanceof PaycoolsApiError && error.kind === 'auth';

/** Sends requests, each in its turn. One that fails is tried again, and then left out. */
export class Requests {
  readonly #options: RequestsOptions;
  /** Whether PayCools has answered anything in this run. */
  #hasAnswered = false;
  #unreachable = 0;
  #latencyMs = 0;
  #hopeless: PaycoolsError | null = null;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** How long the latest replies took, in milliseconds. */
  get latencyMs(): number {
    return this.#latencyMs;
  }

  /** Why nothing can be read at all: PayCools refused us, or could not be reached, before it answered anything. */
  get hopeless(): PaycoolsError | null {
    return this.#hopeless;
  }

  /** @returns what `ask` returns, or why there is no usable reply */
  async send<Value>(ask: () => Promise<Value>): Promise<Value | NotRead> {
    const { signal, tries = 1 } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      if (this.#unreachable >= OUTAGE) return { reason: 'PayCools cannot be reached' };
      try {
        return await this.#sendOnce(ask);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PaycoolsError)) throw error;
        this.#note(error);
        if (attempt >= tries || this.#hopeless !== null || !isWorthAnotherTry(error)) return { reason: error.message };
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

  #note(error: PaycoolsError): void {
    this.#unreachable = isUnreachable(error) ? this.#unreachable + 1 : 0;
    const isHopeless = isRefusedOutright(error) || this.#unreachable >= OUTAGE;
    if (!this.#hasAnswered && isHopeless) this.#hopeless = error;
    if (!isUnreachable(error) && !isRefusedOutright(error)) this.#hasAnswered = true;
  }
}
