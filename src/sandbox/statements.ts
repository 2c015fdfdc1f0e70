import { dayOf, type StatementKind, type Transaction, type World } from './world.ts';

/** The statement that lists a transaction; null for a refund, which none lists. */
const statementOf = ({ product }: Transaction): StatementKind | null => {
  if (product === 'refund') return null;
  return product === 'payout' ? 'payout' : 'payment';
};

const list = (world: World, key: string): Transaction[] => {
  const known = world.statements.get(key) ?? [];
  world.statements.set(key, known);
  return known;
};

const enter = (world: World, transaction: Transaction, view: 'created' | 'completed', instant: number): void => {
  const statement = statementOf(transaction);
  if (statement !== null) list(world, `${statement} ${view} ${dayOf(world, instant)}`).push(transaction);
};

/** Enters a new transaction into the statement of its day. */
export const enterCreated = (world: World, transaction: Transaction): void =>
  enter(world, transaction, 'created', transaction.createdAt);

/** Enters a transaction that has ended into the statement of that day. */
export const enterCompleted = (world: World, transaction: Transaction, completedAt: number): void =>
  enter(world, transaction, 'completed', completedAt);

export type StatementQuery = {
  readonly createDate?: string | undefined;
  readonly completeDate?: string | undefined;
  readonly status?: string | undefined;
  readonly page: number;
};

/** A page of a statement. Statements are indexed by day, so its cost does not grow with the number of days. */
export const statementPage = (
  world: World,
  statement: StatementKind,
  { createDate, completeDate, status, page }: StatementQuery,
): readonly Transaction[] => {
  const view = createDate === undefined ? `completed ${completeDate}` : `created ${createDate}`;
  const listed = world.statements.get(`${statement} ${view}`) ?? [];
  const matching = status === undefined ? listed : listed.filter((transaction) => transaction.status === status);
  const { pageSize } = world.settings;
  return matching.slice((page - 1) * pageSize, page * pageSize);
};
