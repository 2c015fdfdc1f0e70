import { dayOf } from '../core/day.ts';
import type { QueryResult, SubjectQuery } from './ports.ts';
import type { Row } from './row.ts';
import { leaveOut, type RunContext, type Tally } from './run-context.ts';

/** How a subject is asked for, by its row. */
export const queryOfRow = ({ merchant }: RunContext, { subject, merchantOrderId, createdAt }: Row): SubjectQuery => ({
  subject,
  merchantOrderId,
  day: createdAt === null ? null : dayOf(Date.parse(createdAt), merchant.timeZone),
});

/** Notes that a query was left out, where PayCools was asked and gave no usable reply. */
export const noteUnanswered = (tally: Tally, what: string, result: QueryResult): void => {
  if (result.kind === 'unanswered' && result.reason !== undefined) leaveOut(tally, { what, reason: result.reason });
};

/** Asks PayCools about one subject. */
export const ask = async (
  { provider }: RunContext,
  tally: Tally,
  product: string,
  query: SubjectQuery,
): Promise<QueryResult> => {
  const result = await provider.ask(product, query);
  noteUnanswered(tally, `${product} query of ${query.subject.id}`, result);
  return result;
};
