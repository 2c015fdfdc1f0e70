import type { JsonRecord } from '../core/json.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsApiError } from './errors/paycools-api-error.ts';
import { PaycoolsError } from './errors/paycools-error.ts';
import { type CallContext, type Plan, perform } from './perform.ts';
import { readList } from './read-rows.ts';
import { type Resolution, resolutions } from './resolutions.ts';
import { backoffMs } from './retry-timing.ts';

/** Just after a lost reply, "not found" may be a race (docs/paycools.md 10, 7), so an order is queried several times. */
const MAX_QUERIES = 3;

export type Plans = Readonly<Record<CallName, Plan>>;

/** A call in progress. */
export type Call = {
  readonly plan: Plan;
  readonly request: JsonRecord;
  readonly context: CallContext;
  readonly plans: Plans;
};

const isNotFound = (error: unknown): boolean => error instanceof PaycoolsApiError && error.kind === 'not-found';

/** Waits between two queries. If the call times out or is aborted meanwhile, the next query throws. */
const waitFor = (query: number, { settings, limits }: CallContext): Promise<unknown> => {
  const ms = backoffMs({ ...settings.retry, attempt: query, random: 1 });
  return settings.runtime.sleep(ms, AbortSignal.any([limits.overall, limits.caller])).catch(() => {});
};

/** A row that cannot be read is not the one that was created. */
const skip = (): void => undefined;

/** Queries until PayCools knows the order. Returns null if it does not, or if the query fails. */
const queryOrder = async (resolution: Resolution, { request, context, plans }: Call): Promise<unknown> => {
  const plan = plans[resolution.query];
  for (let query = 1; ; query += 1) {
    try {
      const data = await perform(plan, resolution.parameters(request), context);
      const reply = resolution.toReply(readList(plan, data, skip), request);
      if (reply !== null || query >= MAX_QUERIES) return reply;
    } catch (error) {
      if (!isNotFound(error) || query >= MAX_QUERIES) return null;
    }
    await waitFor(query, context);
  }
};

/**
 * Finds out by a query whether a creation whose reply was lost has succeeded.
 *
 * @returns what the creation would have returned, or undefined if the outcome remains unknown
 * @see docs/paycools.md 9, "after a lost reply"
 */
export const resolveCreation = async (error: unknown, call: Call): Promise<unknown> => {
  const resolution = resolutions[call.plan.call];
  const isOpen = error instanceof PaycoolsError && error.outcome === 'unknown';
  if (resolution === undefined || !isOpen) return undefined;
  const reply = await queryOrder(resolution, call);
  return reply === null ? undefined : call.plan.schema.safeParse(reply).data;
};
