import { STALE_PAGES } from '../client/statement.ts';
import { subjectKey } from '../core/event-id.ts';
import type { NotRead, ReadRows, StatementView } from './ports.ts';
import { reconcileRows } from './reconcile-rows.ts';
import { emptyTally, type Page, type RunContext } from './run-context.ts';

/** Pages of a pass after which a statement counts as endless. */
const MAX_PAGES = 5000;
/** Passes after which a statement that still changes is left to the next run. */
const MAX_PASSES = 4;
/** Pages in a row that cannot be read, after which the rest of the statement is left out. */
const MAX_UNREAD = 3;
/** Pages that are on their way at most. */
const MAX_AHEAD = 16;

/** Where a statement is: as text, `pass.page.fresh.pages`. */
type Position = {
  readonly pass: number;
  readonly page: number;
  /** Rows of this pass that the run had not seen in their state. */
  readonly fresh: number;
  /** Pages of this pass that had rows. */
  readonly filled: number;
};

const positionOf = (cursor: string | null): Position => {
  const [pass = 1, page = 1, fresh = 0, filled = 0] = (cursor ?? '').split('.').filter(Boolean).map(Number);
  return { pass, page, fresh, filled };
};

const cursorOf = ({ pass, page, fresh, filled }: Position): string => [pass, page, fresh, filled].join('.');

/** What a view is called where people read it. */
export const titleOfView = ({ statement, by, day }: StatementView): string => `${statement} statement, ${by} ${day}`;

/** Reads pages in their order, several ahead while replies take longer than their turns. */
async function* pagesFrom(
  { provider, requestsPerSecond }: RunContext,
  view: StatementView,
  first: number,
): AsyncGenerator<{ readonly page: number; readonly read: ReadRows | NotRead }> {
  const coming: Promise<ReadRows | NotRead>[] = [];
  let hasEnded = false;
  const request = async (page: number): Promise<ReadRows | NotRead> =>
    hasEnded ? { rows: [], odd: [] } : provider.page(view, page);
  try {
    for (let page = first, next = first; ; page += 1) {
      const turns = Math.floor((provider.latencyMs() * requestsPerSecond) / 1000);
      const ahead = Math.min(turns, page - first, MAX_AHEAD); // a statement of one page costs no request too many
      while (next <= page + ahead) {
        const reply = request(next);
        reply.catch(() => undefined); // it is thrown where its page is read, if it is
        coming.push(reply);
        next += 1;
      }
      yield { page, read: (await coming.shift()) ?? { rows: [], odd: [] } };
    }
  } finally {
    hasEnded = true;
  }
}

/** Which rows of a page no page of this pass had. */
const freshIn = ({ rows, odd }: ReadRows, seen: Set<string>): number => {
  const before = seen.size;
  for (const { subject } of rows) seen.add(Buffer.from(subjectKey(subject)).toString()); // without the reply it was cut from
  for (const { key } of odd) seen.add(key);
  return seen.size - before;
};

const leftOutPage = (view: StatementView, page: number, reason: string): Page['tally'] => ({
  ...emptyTally(),
  leftOut: [{ what: `${titleOfView(view)}, page ${page}`, reason }],
});

/** One pass over a view, page by page. Returns where it ended. */
async function* onePass(
  context: RunContext,
  view: StatementView,
  start: Position,
): AsyncGenerator<Page, Position & { readonly isBroken: boolean }> {
  const seen = new Set<string>();
  let position = start;
  let [stale, unread] = [0, 0];
  for await (const { page, read } of pagesFrom(context, view, start.page)) {
    position = { ...position, page: page + 1 };
    if (page > MAX_PAGES) {
      yield { tally: leftOutPage(view, page, 'the statement does not end'), next: cursorOf(position) };
      return { ...position, isBroken: true };
    }
    if ('reason' in read) {
      unread += 1;
      yield { tally: leftOutPage(view, page, read.reason), next: cursorOf(position) };
      if (unread >= MAX_UNREAD) return { ...position, isBroken: true };
      continue;
    }
    if (read.rows.length + read.odd.length === 0) break;
    unread = 0;
    stale = freshIn(read, seen) === 0 ? stale + 1 : 0;
    const tally = emptyTally();
    const fresh = await reconcileRows(context, read, tally);
    position = { ...position, fresh: position.fresh + fresh, filled: position.filled + 1 };
    yield { tally, next: cursorOf(position) };
    if (stale >= STALE_PAGES) break;
  }
  return { ...position, isBroken: false };
}

/**
 * Walks over a statement until a pass brings nothing new: while transactions arrive, rows move between pages, and a pass
 * can miss some. A statement of one page needs one pass.
 *
 * @see PAYCOOLS.md 10, 5
 */
export async function* statementPages(
  context: RunContext,
  view: StatementView,
  cursor: string | null,
): AsyncGenerator<Page> {
  let position = positionOf(cursor);
  for (;;) {
    const ended = yield* onePass(context, view, position);
    const isDone = ended.isBroken || ended.fresh === 0 || ended.filled <= 1 || ended.pass >= MAX_PASSES;
    const tally = { ...emptyTally(), passes: 1 };
    if (isDone) {
      yield { tally, next: null };
      return;
    }
    position = { pass: ended.pass + 1, page: 1, fresh: 0, filled: 0 };
    yield { tally, next: cursorOf(position) };
  }
}
