import { STALE_PAGES } from '../client/statement.ts';
import { subjectKey } from '../core/event-id.ts';
import type { ReadFailure, ReadRows, StatementView } from './ports.ts';
import { reconcileRows } from './reconcile-rows.ts';
import { emptyTally, type Page, type RunContext } from './run-context.ts';

/** Pages per pass after which a statement counts as endless. */
const MAX_PAGES = 5000;
/** Passes after which a statement that still changes is left to the next run. */
const MAX_PASSES = 4;
/** Consecutive unreadable pages after which the rest of the statement is left out. */
const MAX_UNREAD = 3;
/** Maximum number of pages requested ahead. */
const MAX_AHEAD = 16;

/** Position in a statement; stored as `pass.page.fresh.filled`. */
type Position = {
  readonly pass: number;
  readonly page: number;
  /** Rows in this pass that the run had not yet seen in this state. */
  readonly fresh: number;
  /** Pages in this pass that had rows. */
  readonly filled: number;
};

const parseCursor = (cursor: string | null): Position => {
  const [pass = 1, page = 1, fresh = 0, filled = 0] = (cursor ?? '').split('.').filter(Boolean).map(Number);
  return { pass, page, fresh, filled };
};

const formatCursor = ({ pass, page, fresh, filled }: Position): string => [pass, page, fresh, filled].join('.');

/** The name of a view in reports and progress. */
export const titleOfView = ({ statement, by, day }: StatementView): string => `${statement} statement, ${by} ${day}`;

/** Reads pages in order, and requests several ahead if replies are slower than the request rate. */
async function* readPages(
  { provider, requestsPerSecond }: RunContext,
  view: StatementView,
  first: number,
): AsyncGenerator<{ readonly page: number; readonly read: ReadRows | ReadFailure }> {
  const requested: Promise<ReadRows | ReadFailure>[] = [];
  let hasEnded = false;
  const request = async (page: number): Promise<ReadRows | ReadFailure> =>
    hasEnded ? { rows: [], odd: [] } : provider.page(view, page);
  try {
    for (let page = first, next = first; ; page += 1) {
      const turns = Math.floor((provider.latencyMs() * requestsPerSecond) / 1000);
      const ahead = Math.min(turns, page - first, MAX_AHEAD); // 0 for the first page: most statements end there
      while (next <= page + ahead) {
        const reply = request(next);
        reply.catch(() => undefined); // thrown when its page is read, if it ever is
        requested.push(reply);
        next += 1;
      }
      yield { page, read: (await requested.shift()) ?? { rows: [], odd: [] } };
    }
  } finally {
    hasEnded = true;
  }
}

/** Counts the rows that no earlier page of this pass had, and adds them to `seen`. */
const countFresh = ({ rows, odd }: ReadRows, seen: Set<string>): number => {
  const before = seen.size;
  // Copied, because a slice of a reply keeps all of it in memory.
  for (const { subject } of rows) seen.add(Buffer.from(subjectKey(subject)).toString());
  for (const { key } of odd) seen.add(key);
  return seen.size - before;
};

const leftOutPage = (view: StatementView, page: number, reason: string): Page['tally'] => ({
  ...emptyTally(),
  leftOut: [{ what: `${titleOfView(view)}, page ${page}`, reason }],
});

/** One pass over a view, page by page. Returns its last position. */
async function* runPass(
  context: RunContext,
  view: StatementView,
  start: Position,
): AsyncGenerator<Page, Position & { readonly isBroken: boolean }> {
  const seen = new Set<string>();
  let position = start;
  let [stale, unread] = [0, 0];
  for await (const { page, read } of readPages(context, view, start.page)) {
    position = { ...position, page: page + 1 };
    if (page > MAX_PAGES) {
      yield { tally: leftOutPage(view, page, 'the statement does not end'), next: formatCursor(position) };
      return { ...position, isBroken: true };
    }
    if ('reason' in read) {
      unread += 1;
      yield { tally: leftOutPage(view, page, read.reason), next: formatCursor(position) };
      if (unread >= MAX_UNREAD) return { ...position, isBroken: true };
      continue;
    }
    if (read.rows.length + read.odd.length === 0) break;
    unread = 0;
    stale = countFresh(read, seen) === 0 ? stale + 1 : 0;
    const tally = emptyTally();
    const fresh = await reconcileRows(context, read, tally);
    position = { ...position, fresh: position.fresh + fresh, filled: position.filled + 1 };
    yield { tally, next: formatCursor(position) };
    if (stale >= STALE_PAGES) break;
  }
  return { ...position, isBroken: false };
}

/**
 * Reads a statement until a pass finds nothing new: while transactions arrive, rows move between pages, so a pass can
 * miss some. A statement of one page needs only one pass.
 *
 * @see docs/paycools.md 10, 5
 */
export async function* reconcileStatement(
  context: RunContext,
  view: StatementView,
  cursor: string | null,
): AsyncGenerator<Page> {
  let position = parseCursor(cursor);
  for (;;) {
    const { pass, fresh, filled, isBroken } = yield* runPass(context, view, position);
    const isDone = isBroken || fresh === 0 || filled <= 1 || pass >= MAX_PASSES;
    position = { pass: pass + 1, page: 1, fresh: 0, filled: 0 };
    yield { tally: { ...emptyTally(), passes: 1 }, next: isDone ? null : formatCursor(position) };
    if (isDone) return;
  }
}
