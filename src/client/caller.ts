import { describeIssues } from '../core/describe-issues.ts';
import type { JsonRecord, JsonValue } from '../core/json.ts';
import { withOverride } from './endpoints/definition.ts';
import { timeField } from './endpoints/reply-fields.ts';
import { type CallName, endpointList } from './endpoints/table.ts';
import { PaycoolsApiError } from './errors/paycools-api-error.ts';
import { PaycoolsNetworkError } from './errors/paycools-network-error.ts';
import { PaycoolsRequestError } from './errors/paycools-request-error.ts';
import { PaycoolsTimeoutError } from './errors/paycools-timeout-error.ts';
import { type Plan, perform, startLimits } from './perform.ts';
import { readList, type UnreadableRow } from './read-rows.ts';
import { type Call, resolveCreation } from './resolve-creation.ts';
import type { CallReport, Settings } from './settings.ts';

/** What every method takes in addition to its parameters. */
export type CallOptions = {
  /** Ends the call with a PaycoolsNetworkError of reason `aborted`. */
  readonly signal?: AbortSignal;
  /** Replaces the client's `timeoutMs` for this call, in milliseconds; for a statement, for each page. */
  readonly timeoutMs?: number;
  /** Called with each row of a list or statement that cannot be read. Without it such rows fail the call. */
  readonly onUnreadable?: (row: UnreadableRow) => void;
};

/** Makes the calls of the table by name. */
export type Caller = {
  /** Validates the caller's parameters and adds what the client knows. Throws PaycoolsRequestError. */
  readonly check: (call: CallName, parameters: unknown) => JsonRecord;
  /** Makes a call with validated parameters and returns `data`. */
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
  for (const { call, endpoint: documented } of endpointList) {
    const endpoint = withOverride(documented, settings.paths[call]);
    const { list } = endpoint;
    const schema = list?.find ?? endpoint.reply(time);
    plans.set(call, { call, endpoint, schema, row: list?.row(time) ?? null });
  }
  return (call) => {
    const plan = plans.get(call);
    if (plan === undefined) throw new TypeError(`${call} is not a known call`);
    return plan;
  };
};

/** An unpaired surrogate has no UTF-8 form: what is signed and what arrives would differ. */
const isWellFormed = (value: JsonValue): boolean => {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(isWellFormed);
};

const checkParameters = ({ call, endpoint }: Plan, parameters: unknown, appName: string | null): JsonRecord => {
  const parsed = endpoint.request.safeParse(parameters);
  if (!parsed.success) throw new PaycoolsRequestError({ call, details: describeIssues(parsed.error) });
  const given = parsed.data as JsonRecord; // every request schema is an object of JSON values
  if (!isWellFormed(given)) throw new PaycoolsRequestError({ call, details: ['contains an unpaired surrogate'] });
  if (!endpoint.needsAppName || given['appName'] !== undefined) return given;
  if (appName === null) {
    throw new PaycoolsRequestError({ call, details: ['appName: required, here or in the options of the client'] });
  }
  return checkParameters({ call, endpoint } as Plan, { ...given, appName }, appName);
};

type CallResult = { readonly outcome: CallReport['outcome'] } & (
  | { readonly data: unknown }
  | { readonly error: unknown }
);

/** Makes a call; a creation whose reply was lost is resolved by a query. */
const makeCall = async (call: Call, onUnreadable: CallOptions['onUnreadable']): Promise<CallResult> => {
  const { plan, request, context } = call;
  try {
    return { outcome: 'ok', data: readList(plan, await perform(plan, request, context), onUnreadable) };
  } catch (error) {
    const resolved = await resolveCreation(error, call);
    return resolved === undefined ? { outcome: outcomeOf(error), error } : { outcome: 'resolved', data: resolved };
  }
};

const reportCall = ({ observe }: Settings, report: CallReport): void => {
  try {
    observe(report);
  } catch {
    // A failing report must not change what a call returns: a payout that was made stays made.
  }
};

/** Everything between the methods of the client and fetch. */
export const createCaller = (settings: Settings): Caller => {
  const planOf = plansOf(settings);

  const send: Caller['send'] = async (call, request, options) => {
    const { signal, timeoutMs = settings.timeoutMs, onUnreadable } = options;
    const startedAt = settings.runtime.now();
    const limits = startLimits(timeoutMs, { signal, now: startedAt });
    const progress = { attempts: 0 };
    const context = { settings, limits, progress };
    const result = await makeCall({ plan: planOf(call), request, context, planOf }, onUnreadable);
    const durationMs = settings.runtime.now() - startedAt;
    reportCall(settings, { endpoint: call, outcome: result.outcome, attempts: progress.attempts, durationMs });
    if ('error' in result) throw result.error;
    return result.data;
  };

  return { check: (call, parameters) => checkParameters(planOf(call), parameters, settings.appName), send };
};
