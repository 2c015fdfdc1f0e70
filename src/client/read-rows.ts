import { describeIssues } from '../core/describe-issues.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsResponseError } from './errors/paycools-response-error.ts';
import type { Plan } from './perform.ts';

/** A row of a list that cannot be read. */
export type UnreadableRow = {
  /** The row as received. */
  readonly row: unknown;
  /** Which members are wrong and what they must be, without their values. */
  readonly problems: readonly string[];
};

type OnUnreadable = ((row: UnreadableRow) => void) | undefined;

/** The error of a list of which some rows could not be read. */
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
 * Reads the rows of a list one by one, so that an odd row does not take the others with it. `data` that is not a list
 * passes through.
 *
 * @param onUnreadable called with each row that cannot be read; without it such a row fails the call
 * @throws PaycoolsResponseError where a row cannot be read and nobody asked for such rows
 */
export const readList = ({ call, row: schema }: Plan, data: unknown, onUnreadable: OnUnreadable): unknown => {
  if (schema === null || !Array.isArray(data)) return data;
  return data.flatMap((row: unknown) => {
    const read = schema.safeParse(row);
    if (read.success) return [read.data];
    const problems = describeIssues(read.error);
    if (onUnreadable === undefined) throw unreadableRowsError(call, problems);
    onUnreadable({ row, problems });
    return [];
  });
};
