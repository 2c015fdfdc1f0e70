import type { JsonRecord } from '../core/json.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsApiError } from './errors/paycools-api-error.ts';
import { PaycoolsError } from './errors/paycools-error.ts';
import { type Plan, perform, type Running } from './perform.ts';
import { type Resolution, resolutions } from './resolutions.ts';
import { backoffMs } from './retry-timing.ts';

/** Just after a lost reply "not found" may be a race (PAYCOOLS.md 10, 7), so it is asked this many times. */
const QUERIES = 3;

type Inquiry = {
  readonly plan: Plan;
  readonly request: JsonRecord;
  readonly running: Running;
  readonly planOf: (call: CallName) => Plan;
};

const isNotFound = (error: unknown): boolean => error instanceof PaycoolsApiError && error.kind === 'not-found';

/** Waits between two queries. Where the time is up, or the caller gives up, the next query says so. */
const waitFor = (query: number, { settings, limits }: Running): Promise<unknown> => {
  const ms = backoffMs({ ...settings.retry, attempt: query, random: 1 });
  return settings.runtime.sleep(ms, AbortSignal.any([limits.overall, limits.caller])).catch(() => {});
};

/** Asks until PayCools knows the order. Null where it does not, or cannot be asked. */
const ask = async (resolution: Resolution, { request, running, planOf }: Inquiry): Promise<unknown> => {
  const plan = planOf(resolution.query);
  for (let query = 1; ; query += 1) {
    try {
      const found = resolution.find(await perform(plan, resolution.parameters(request), running), request);
      if (found !== null || query >= QUERIES) return found;
    } catch (error) {
      if (!isNotFound(error) || query >= QUERIES) return null;
    }
    await waitFor(query, running);
  }
};

/**
 * What became of a creation whose reply was lost, by the query of its order.
 *
 * @returns what the creation would have returned, or undefined where it stays unknown
 * @see PAYCOOLS.md 9, "after a lost reply"
 */
export const resolveCreation = async (error: unknown, inquiry: Inquiry): Promise<unknown> => {
  const resolution = resolutions[inquiry.plan.call];
  const isOpen = error instanceof PaycoolsError && error.outcome === 'unknown';
  if (resolution === undefined || !isOpen) return undefined;
  const found = await ask(resolution, inquiry);
  return found === null ? undefined : inquiry.plan.schema.safeParse(found).data;
};
