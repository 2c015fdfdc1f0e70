import type { PageNotes, Progress, StatementView } from './ports.ts';
import { reconcileDay, reconcileOpen } from './reconcile-known.ts';
import { reconcileRows } from './reconcile-rows.ts';
import { emptyTally, type RunContext, type Tally } from './run-context.ts';

/** A part of a run. Its pages can be counted only by walking through them. */
export type Step =
  | { readonly kind: 'statement'; readonly view: StatementView }
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'open' };

/** What one page of a step brought, and where the step continues; null at its end. */
type Page = { readonly tally: Tally; readonly next: string | null };

/** A payment made before midnight completes after it: each day is walked by creation and by completion. */
const viewsOf = (day: string): StatementView[] =>
  (['payment', 'payout'] as const).flatMap((statement) =>
    (['createDate', 'completeDate'] as const).map((by) => ({ statement, by, day })),
  );

/** The statements first, then what the ledger has and they did not list, then what is open. */
export const stepsOf = (days: readonly string[]): readonly Step[] => [
  ...days.flatMap(viewsOf).map((view): Step => ({ kind: 'statement', view })),
  ...days.map((day): Step => ({ kind: 'day', day })),
  { kind: 'open' },
];

const titleOf = (step: Step | undefined): string => {
  if (step === undefined) return 'done';
  if (step.kind === 'statement') return `${step.view.statement} statement, ${step.view.by} ${step.view.day}`;
  return step.kind === 'day' ? `received ${step.day}` : 'pending';
};

async function* statementPages(context: RunContext, view: StatementView, cursor: string | null): AsyncGenerator<Page> {
  for await (const { page, rows } of context.provider.statement(view, Number(cursor ?? 1))) {
    const tally = emptyTally();
    await reconcileRows(context, rows, tally);
    yield { tally, next: String(page + 1) };
  }
  yield { tally: emptyTally(), next: null };
}

async function* ledgerPages(context: RunContext, day: string | null, cursor: string | null): AsyncGenerator<Page> {
  const { ports, merchant } = context;
  let at = cursor;
  do {
    const { subjects, next } =
      day === null ? await ports.reader.open(merchant.name, at) : await ports.reader.ofDay(merchant.name, day, at);
    const tally = emptyTally();
    if (day === null) await reconcileOpen(context, tally, subjects);
    else await reconcileDay(context, tally, { subjects, day });
    yield { tally, next };
    at = next;
  } while (at !== null);
}

const pagesOf = (context: RunContext, step: Step, cursor: string | null): AsyncGenerator<Page> =>
  step.kind === 'statement'
    ? statementPages(context, step.view, cursor)
    : ledgerPages(context, step.kind === 'day' ? step.day : null, cursor);

const countFindings = (before: Progress['findings'], { findings }: PageNotes): Progress['findings'] => {
  const counts: Record<string, number> = { ...before };
  for (const { data } of findings) counts[data.kind] = (counts[data.kind] ?? 0) + 1;
  return counts;
};

const advance = (before: Progress, { tally, next }: Page): Progress => ({
  startedAt: before.startedAt,
  step: next === null ? before.step + 1 : before.step,
  cursor: next,
  rows: before.rows + tally.rows,
  matched: before.matched + tally.matched,
  emitted: before.emitted + tally.emitted,
  unanswered: before.unanswered + tally.unanswered,
  findings: countFindings(before.findings, tally),
});

/** How far a run is, to show. */
export type RunProgress = Progress & {
  /** How many steps there are. */
  readonly steps: number;
  /** What the current step does, in a few words. */
  readonly title: string;
};

export type WalkOptions = {
  readonly begun: Progress;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
};

/** Walks through what is left of the steps, page by page, and stores how far it is after each. */
export const walk = async (
  context: RunContext,
  steps: readonly Step[],
  { begun, signal, onProgress }: WalkOptions,
): Promise<Progress> => {
  let progress = begun;
  for (const step of steps.slice(begun.step)) {
    for await (const page of pagesOf(context, step, progress.cursor)) {
      signal.throwIfAborted(); // before it is stored: another process may hold the lock by now
      progress = advance(progress, page);
      await context.ports.store.save(context.name, progress, page.tally);
      onProgress({ ...progress, steps: steps.length, title: titleOf(steps[progress.step]) });
    }
  }
  return progress;
};
