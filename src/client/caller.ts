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
import type { Target } from './request.ts';
import { type Call, type Plans, resolveCreation } from './resolve-creation.ts';
import type { CallReport, Settings } from './settings.ts';

/** Options that every method takes as its second argument. */
export type CallOptions = {
  /** Aborts the call, which then rejects with a PaycoolsNetworkError whose `reason` is `aborted`. */
  readonly signal?: AbortSignal;
  /**
   * Time limit for this call, in milliseconds; for a statement, for each page.
   *
   * @defaultValue `timeoutMs` of the client
   */
  readonly timeoutMs?: number;
  /** Called with each row of a list or statement that cannot be read. Without it, such a row fails the call. */
  readonly onUnreadable?: (row: UnreadableRow) => void;
};

/** Makes calls by their names. */
export type Caller = {
  /** Validates the parameters and adds `appName` if the call requires it. Throws PaycoolsRequestError. */
  readonly check: (call: CallName, parameters: unknown) => JsonRecord;
  /** Makes a call with validated parameters and returns `data` of the reply. */
  readonly send: (call: CallName, parameters: JsonRecord, options: CallOptions) => Promise<unknown>;
};

const outcomeOf = (error: unknown): CallReport['outcome'] => {
  if (error instanceof PaycoolsApiError) return 'api-error';
  if (error instanceof PaycoolsTimeoutError) return 'timeout';
  if (error instanceof PaycoolsNetworkError) return 'network';
  return error instanceof PaycoolsRequestError ? 'bad-request' : 'bad-reply';
};

const createPlans = ({ timeZone, paths }: Settings): Plans => {
  const time = timeField(timeZone);
  const plans = endpointList.map(({ call, endpoint: documented }): [CallName, Plan] => {
    const endpoint = withOverride(documented, paths[call]);
    const { list } = endpoint;
    return [call, { call, endpoint, schema: list?.find ?? endpoint.reply(time), row: list?.row(time) ?? null }];
  });
  return Object.fromEntries(plans) as Plans; // the list has every call
};

/** An unpaired surrogate cannot be encoded as UTF-8, so PayCools would get a different text from the one signed. */
const isWellFormed = (value: JsonValue): boolean => {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(isWellFormed);
};

const completeParameters = (target: Target, parameters: unknown, appName: string | null): JsonRecord => {
  const { call, endpoint } = target;
  const parsed = endpoint.request.safeParse(parameters);
  if (!parsed.success) throw new PaycoolsRequestError({ call, details: describeIssues(parsed.error) });
  const given = parsed.data as JsonRecord; // every request schema is an object of JSON values
  if (!isWellFormed(given)) throw new PaycoolsRequestError({ call, details: ['contains an unpaired surrogate'] });
  if (!endpoint.needsAppName || given['appName'] !== undefined) return given;
  if (appName === null) {
    throw new PaycoolsRequestError({ call, details: ['appName: required, here or in the options of the client'] });
  }
  return completeParameters(target, { ...given, appName }, appName);
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
    // An observer that throws must not turn a payout that was made into an error.
  }
};

export const createCaller = (settings: Settings): Caller => {
  const plans = createPlans(settings);

  const send: Caller['send'] = async (call, request, options) => {
    const { signal, timeoutMs = settings.timeoutMs, onUnreadable } = options;
    const startedAt = settings.runtime.now();
    const limits = startLimits(timeoutMs, { signal, now: startedAt });
    const progress = { attempts: 0 };
    const context = { settings, limits, progress };
    const result = await makeCall({ plan: plans[call], request, context, plans }, onUnreadable);
    const durationMs = settings.runtime.now() - startedAt;
    reportCall(settings, { endpoint: call, outcome: result.outcome, attempts: progress.attempts, durationMs });
    if ('error' in result) throw result.error;
    return result.data;
  };

  return { check: (call, parameters) => completeParameters(plans[call], parameters, settings.appName), send };
};
