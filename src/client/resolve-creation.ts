import type { JsonRecord } from '../core/json.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsApiError } from './errors/paycools-api-error.ts';
import { PaycoolsError } from './errors/paycools-error.ts';
import { type CallContext, type Plan, perform } from './perform.ts';
import { readList } from './read-rows.ts';
import { type Resolution, resolutions } from './resolutions.ts';
import { backoffMs } from './retry-timing.ts';

/** Just after a lost reply "not found" may be a race (PAYCOOLS.md 10, 7), so the query is made this many times. */
const QUERIES = 3;

/** A call that is being made. */
export type Call = {
  readonly plan: Plan;
  readonly request: JsonRecord;
  readonly context: CallContext;
  readonly planOf: (call: CallName) => Plan;
};

const isNotFound = (error: unknown): boolean => error instanceof PaycoolsApiError && error.kind === 'not-found';

/** Waits between two queries. When the time is up, or the caller aborts, the next query throws the error. */
const waitFor = (query: number, { settings, limits }: CallContext): Promise<unknown> => {
  const ms = backoffMs({ ...settings.retry, attempt: query, random: 1 });
  return settings.runtime.sleep(ms, AbortSignal.any([limits.overall, limits.caller])).catch(() => {});
};

/** A row that cannot be read is not the one that was created. */
const skip = (): void => undefined;

/** Queries until PayCools knows the order. Null where it does not, or cannot be queried. */
const ask = async (resolution: Resolution, { request, context, planOf }: Call): Promise<unknown> => {
  const plan = planOf(resolution.query);
  for (let query = 1; ; query += 1) {
    try {
      const found = resolution.find(
        readList(plan, await perform(plan, resolution.parameters(request), context), skip),
        request,
      );
      if (found !== null || query >= QUERIES) return found;
    } catch (error) {
      if (!isNotFound(error) || query >= QUERIES) return null;
    }
    await waitFor(query, context);
  }
};

/**
 * Finds out what became of a creation whose reply was lost, by querying its order.
 *
 * @returns what the creation would have returned, or undefined where it stays unknown
 * @see PAYCOOLS.md 9, "after a lost reply"
 */
export const resolveCreation = async (error: unknown, call: Call): Promise<unknown> => {
  const resolution = resolutions[call.plan.call];
  const isOpen = error instanceof PaycoolsError && error.outcome === 'unknown';
  if (resolution === undefined || !isOpen) return undefined;
  const found = await ask(resolution, call);
  return found === null ? undefined : call.plan.schema.safeParse(found).data;
};
