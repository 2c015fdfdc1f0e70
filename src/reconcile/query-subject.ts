import { dayOf } from '../core/day.ts';
import type { QueryResult, SubjectQuery } from './ports.ts';
import type { Row } from './row.ts';
import { leaveOut, type RunContext, type Tally } from './run-context.ts';

export const queryForRow = ({ merchant }: RunContext, { subject, merchantOrderId, createdAt }: Row): SubjectQuery => ({
  subject,
  merchantOrderId,
  day: createdAt === null ? null : dayOf(Date.parse(createdAt), merchant.timeZone),
});

/** Records the query as left out if PayCools was asked and gave no usable reply. */
export const leaveOutUnanswered = (tally: Tally, what: string, result: QueryResult): void => {
  if (result.kind === 'unanswered' && result.reason !== undefined) leaveOut(tally, { what, reason: result.reason });
};

/** Asks PayCools about one subject, and records the query as left out if there is no usable reply. */
export const ask = async (
  { provider }: RunContext,
  tally: Tally,
  product: string,
  query: SubjectQuery,
): Promise<QueryResult> => {
  const result = await provider.ask(product, query);
  leaveOutUnanswered(tally, `${product} query of ${query.subject.id}`, result);
  return result;
};
