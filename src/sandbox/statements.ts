import { dayOf, type StatementKind, type Transaction, type World } from './world.ts';

/** Which statement a transaction is in; null for refunds, which are in none. */
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

/** Enters a transaction that has ended into the statement of the day of its end, too. */
export const enterCompleted = (world: World, transaction: Transaction, completedAt: number): void =>
  enter(world, transaction, 'completed', completedAt);

export type StatementQuery = {
  readonly createDate?: string | undefined;
  readonly completeDate?: string | undefined;
  readonly status?: string | undefined;
  readonly page: number;
};

/** A page of a statement. Indexed by day, so that a page costs the same however many days there are. */
export const statementPage = (
  world: World,
  statement: StatementKind,
  { createDate, completeDate, status, page }: StatementQuery,
): readonly Transaction[] => {
  const view = createDate === undefined ? `completed ${completeDate}` : `created ${createDate}`;
  const all = world.statements.get(`${statement} ${view}`) ?? [];
  const matching = status === undefined ? all : all.filter((transaction) => transaction.status === status);
  const { pageSize } = world.settings;
  return matching.slice((page - 1) * pageSize, page * pageSize);
};
