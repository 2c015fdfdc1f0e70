import type { JsonRecord, JsonValue } from '../core/json.ts';
import { timeField } from './endpoints/reply-fields.ts';
import { type CallName, endpointList } from './endpoints/table.ts';
import { PaycoolsApiError } from './errors/paycools-api-error.ts';
import { PaycoolsNetworkError } from './errors/paycools-network-error.ts';
import { PaycoolsRequestError } from './errors/paycools-request-error.ts';
import { PaycoolsTimeoutError } from './errors/paycools-timeout-error.ts';
import { describeIssues } from './issues.ts';
import { type Plan, perform, type Running, startLimits } from './perform.ts';
import { withOverride } from './request.ts';
import { resolveCreation } from './resolve-creation.ts';
import type { CallReport, Settings } from './settings.ts';

/** What every method takes beside its parameters. */
export type CallOptions = {
  /** Ends the call with a PaycoolsNetworkError of reason `aborted`. */
  readonly signal?: AbortSignal;
  /** In place of the client's `timeoutMs`, for this call; of a statement, for each page. */
  readonly timeoutMs?: number;
};

/** Makes calls of the table by name. */
export type Caller = {
  /** Checks what a caller gave and fills in what the client knows. Throws PaycoolsRequestError. */
  readonly check: (call: CallName, parameters: unknown) => JsonRecord;
  /** Makes a call with checked parameters and returns `data`. */
  readonly send: (call: CallName, parameters: JsonRecord, options: CallOptions) => Promise<unknown>;
};

const outcomeOf = (error: unknown): CallReport['outcome'] => {
  if (error instanceof PaycoolsApiError) return 'api-error';
  if (error instanceof PaycoolsTimeoutError) return 'timeout';
  if (error instanceof PaycoolsNetworkError) return 'network';
  return error instanceof PaycoolsRequestError ? 'bad-request' : 'bad-reply';
};

const plansOf = (settings: Settings): ((call: CallName) => Plan) => {
  const time = timeField(settings.timeZone);
  const plans = new Map<string, Plan>();
  for (const target of endpointList) {
    const endpoint = withOverride(target, settings.paths);
    plans.set(target.call, { call: target.call, endpoint, schema: endpoint.reply(time) });
  }
  return (call) => {
    const plan = plans.get(call);
    if (plan === undefined) throw new TypeError(`there is no call ${call}`);
    return plan;
  };
};

/** Half a surrogate pair has no UTF-8: what is signed and what arrives would differ. */
const isWellFormed = (value: JsonValue): boolean => {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(isWellFormed);
};

const checkParameters = ({ call, endpoint }: Plan, parameters: unknown, appName: string | null): JsonRecord => {
  const parsed = endpoint.request.safeParse(parameters);
  if (!parsed.success) throw new PaycoolsRequestError({ call, details: describeIssues(parsed.error) });
  const given = parsed.data as JsonRecord; // every request schema is an object of JSON values
  if (!isWellFormed(given)) throw new PaycoolsRequestError({ call, details: ['holds half a surrogate pair'] });
  if (!endpoint.needsAppName || given['appName'] !== undefined) return given;
  if (appName === null) {
    throw new PaycoolsRequestError({ call, details: ['appName: is needed, here or among the options of the client'] });
  }
  return checkParameters({ call, endpoint } as Plan, { ...given, appName }, appName);
};

type Ending = { readonly outcome: CallReport['outcome'] } & ({ readonly data: unknown } | { readonly error: unknown });

type Sending = { readonly plan: Plan; readonly request: JsonRecord; readonly running: Running };

/** Makes a call; a creation whose reply was lost is asked about. */
const endOf = async ({ plan, request, running }: Sending, planOf: (call: CallName) => Plan): Promise<Ending> => {
  try {
    return { outcome: 'ok', data: await perform(plan, request, running) };
  } catch (error) {
    const resolved = await resolveCreation(error, { plan, request, running, planOf });
    return resolved === undefined ? { outcome: outcomeOf(error), error } : { outcome: 'resolved', data: resolved };
  }
};

type Finished = Omit<CallReport, 'durationMs'> & { readonly startedAt: number };

const report = ({ observe, runtime }: Settings, { startedAt, ...finished }: Finished): void => {
  try {
    observe({ ...finished, durationMs: runtime.now() - startedAt });
  } catch {
    // What is counted must not decide what a call returns: a payout that was made stays made.
  }
};

/** Everything between the methods of the client and fetch. */
export const createCaller = (settings: Settings): Caller => {
  const planOf = plansOf(settings);

  const send: Caller['send'] = async (call, request, { signal, timeoutMs = settings.timeoutMs }) => {
    const startedAt = settings.runtime.now();
    const limits = startLimits(timeoutMs, { signal, now: startedAt });
    const progress = { attempts: 0 };
    const ending = await endOf({ plan: planOf(call), request, running: { settings, limits, progress } }, planOf);
    report(settings, { endpoint: call, outcome: ending.outcome, attempts: progress.attempts, startedAt });
    if ('error' in ending) throw ending.error;
    return ending.data;
  };

  return { check: (call, parameters) => checkParameters(planOf(call), parameters, settings.appName), send };
};
