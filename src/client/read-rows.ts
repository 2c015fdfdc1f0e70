import { describeIssues } from '../core/describe-issues.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsResponseError } from './errors/paycools-response-error.ts';
import type { Plan } from './perform.ts';

/** A row of a list or statement that cannot be read. */
export type UnreadableRow = {
  /** The row as received. */
  readonly row: unknown;
  /** Which members are wrong and what they must be, without their values. */
  readonly problems: readonly string[];
};

type OnUnreadable = ((row: UnreadableRow) => void) | undefined;

export const unreadableRowsError = (call: CallName, details: readonly string[]): PaycoolsResponseError =>
  new PaycoolsResponseError({
    call,
    problem: 'shape',
    httpStatus: 200,
    details,
    outcome: 'unknown',
    retryable: false,
  });

/**
 * Reads the rows of a list one by one, so that one bad row does not make the others unreadable. Returns `data` that is
 * not a list unchanged.
 *
 * @throws PaycoolsResponseError if a row cannot be read and there is no `onUnreadable`
 */
export const readList = ({ call, row: schema }: Plan, data: unknown, onUnreadable: OnUnreadable): unknown => {
  if (schema === null || !Array.isArray(data)) return data;
  return data.flatMap((row: unknown) => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return [parsed.data];
    const problems = describeIssues(parsed.error);
    if (onUnreadable === undefined) throw unreadableRowsError(call, problems);
    onUnreadable({ row, problems });
    return [];
  });
};
