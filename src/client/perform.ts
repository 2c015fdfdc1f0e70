import type { z } from 'zod';
import type { JsonRecord } from '../core/json.ts';
import { PaycoolsError } from './errors/paycools-error.ts';
import { PaycoolsNetworkError } from './errors/paycools-network-error.ts';
import { readReply } from './reply.ts';
import { prepareRequest, type Target } from './request.ts';
import { backoffMs, retryAfterMs } from './retry-timing.ts';
import type { Settings } from './settings.ts';
import { type CallLimits, exchangeOnce, type RawReply } from './transport.ts';

/** A call and the schemas of its reply, as configured for this client. */
export type Plan = Target & {
  readonly schema: z.ZodType;
  /** Reads each row of a list, in which `schema` only locates the rows; null for every other reply. */
  readonly row: z.ZodType | null;
};

/** State that the attempts of one call share. */
export type CallContext = {
  readonly settings: Settings;
  readonly limits: CallLimits;
  /** Attempts so far, for the report. */
  readonly progress: { attempts: number };
};

const NEVER = new AbortController().signal;

/** Starts the clock of a call. */
export const startLimits = (
  timeoutMs: number,
  { signal, now }: { readonly signal: AbortSignal | undefined; readonly now: number },
): CallLimits => ({
  timeoutMs,
  deadline: now + timeoutMs,
  overall: AbortSignal.timeout(timeoutMs),
  caller: signal ?? NEVER,
});

type FailedAttempt = { readonly error: unknown; readonly attempt: number; readonly retryAfter: string | null };

/** Delay before the next attempt, in milliseconds; null if there will be none. */
const nextDelay = ({ error, attempt, retryAfter }: FailedAttempt, { settings, limits }: CallContext): number | null => {
  if (!(error instanceof PaycoolsError) || !error.retryable || attempt >= settings.retry.attempts) return null;
  const { now, random } = settings.runtime;
  const requested = retryAfterMs(retryAfter, now()) ?? 0;
  const delay = Math.max(requested, backoffMs({ ...settings.retry, attempt, random: random() }));
  return now() + delay < limits.deadline ? delay : null;
};

/** Waits between attempts. If the caller aborts meanwhile, the error has the outcome of the last attempt. */
const pause = async (ms: number, error: PaycoolsError, { settings, limits }: CallContext): Promise<void> => {
  try {
    await settings.runtime.sleep(ms, AbortSignal.any([limits.caller, limits.overall]));
  } catch {
    if (!limits.caller.aborted) throw error;
    const { call, outcome } = error;
    const cause = limits.caller.reason;
    throw new PaycoolsNetworkError({ call, reason: 'aborted', outcome, retryable: false, cause });
  }
};

const attemptOnce = (plan: Plan, parameters: JsonRecord, { settings, limits }: CallContext): Promise<RawReply> => {
  const { fetch, attemptTimeoutMs, maxReplyBytes } = settings;
  return exchangeOnce({
    call: plan.call,
    isRead: plan.endpoint.effect === 'read',
    fetch,
    request: prepareRequest(plan, parameters, settings),
    timeoutMs: Math.min(attemptTimeoutMs, limits.timeoutMs),
    maxReplyBytes,
    limits,
  });
};

const throwIfAborted = ({ call }: Plan, { limits }: CallContext): void => {
  if (!limits.caller.aborted) return;
  const cause = limits.caller.reason;
  throw new PaycoolsNetworkError({ call, reason: 'aborted', outcome: 'not-sent', retryable: false, cause });
};

/**
 * Makes a call with validated parameters, and repeats it after `retryable` errors within the limits of the call. An
 * error of a creation or change is retryable only if PayCools certainly did not carry it out.
 *
 * @returns `data` of the reply
 * @throws PaycoolsApiError, PaycoolsTimeoutError, PaycoolsNetworkError, PaycoolsResponseError
 */
export const perform = async (plan: Plan, parameters: JsonRecord, context: CallContext): Promise<unknown> => {
  throwIfAborted(plan, context);
  for (let attempt = 1; ; attempt += 1) {
    context.progress.attempts += 1;
    let retryAfter: string | null = null;
    try {
      const raw = await attemptOnce(plan, parameters, context);
      retryAfter = raw.retryAfter;
      return readReply(raw, { ...plan, isRetry: attempt > 1 });
    } catch (error) {
      const delay = nextDelay({ error, attempt, retryAfter }, context);
      if (delay === null) throw error;
      await pause(delay, error as PaycoolsError, context); // nextDelay returns a delay only for these
    }
  }
};
