import type { Progress, StatementView } from './ports.ts';
import { recheckFindings } from './recheck-findings.ts';
import { reconcileDay, reconcileOpen } from './reconcile-known.ts';
import { rotateRefunds } from './refund-rotation.ts';
import { emittedOf } from './report.ts';
import { emptyTally, type Page, type RunContext, sumCounts, type Tally } from './run-context.ts';
import { reconcileStatement, titleOfView } from './statement-pages.ts';

/** A part of a run. The number of its pages is not known in advance. */
export type Step =
  | { readonly kind: 'statement'; readonly view: StatementView }
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'open' | 'refunds' | 'findings' };

/** Each day is read by creation and by completion, because a payment can span midnight. */
const statementViews = (day: string): StatementView[] =>
  (['payment', 'payout'] as const).flatMap((statement) =>
    (['createDate', 'completeDate'] as const).map((by) => ({ statement, by, day })),
  );

/** Statements first, then what the ledger has and they did not list, pending subjects, older refunds, and findings. */
export const planSteps = (days: readonly string[]): readonly Step[] => [
  ...days.flatMap(statementViews).map((view): Step => ({ kind: 'statement', view })),
  ...days.map((day): Step => ({ kind: 'day', day })),
  { kind: 'open' },
  { kind: 'refunds' },
  { kind: 'findings' },
];

const TITLES = { open: 'pending', refunds: 'refunds of older payments', findings: 'earlier findings' } as const;

const titleOf = (step: Step | undefined): string => {
  if (step === undefined) return 'done';
  if (step.kind === 'statement') return titleOfView(step.view);
  return step.kind === 'day' ? `received ${step.day}` : TITLES[step.kind];
};

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

const pagesOfStep = (context: RunContext, step: Step, cursor: string | null): AsyncGenerator<Page> => {
  switch (step.kind) {
    case 'statement':
      return reconcileStatement(context, step.view, cursor);
    case 'refunds':
      return rotateRefunds(context, cursor);
    case 'findings':
      return recheckFindings(context);
    default:
      return ledgerPages(context, step.kind === 'day' ? step.day : null, cursor);
  }
};

const countFindings = (before: Progress['findings'], { findings }: Tally): Progress['findings'] => {
  const counts: Record<string, number> = { ...before };
  for (const { data } of findings) counts[data.kind] = (counts[data.kind] ?? 0) + 1;
  return counts;
};

/** Maximum number of left-out pages, queries and lists that the report names. */
const MAX_LEFT_OUT = 100;

const advance = (before: Progress, { tally, next }: Page): Progress => ({
  ...sumCounts(before, tally),
  startedAt: before.startedAt,
  step: next === null ? before.step + 1 : before.step,
  cursor: next,
  findings: countFindings(before.findings, tally),
  leftOut: [...before.leftOut, ...tally.leftOut].slice(0, MAX_LEFT_OUT),
});

/** The progress of a run, for display. */
export type RunProgress = Progress & {
  /** Total number of steps. */
  readonly steps: number;
  /** Short description of the current step. */
  readonly title: string;
};

export type RunStepsOptions = {
  /** The progress of the interrupted run that is resumed, or no progress. */
  readonly start: Progress;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
};

/** Stores the results of a page, emitted events first, because operators search for them by their ids. */
const storePage = async (
  { ports, name, id, apply }: RunContext,
  progress: Progress,
  { seen, findings, events }: Tally,
): Promise<void> => {
  if (apply && events.length > 0) await ports.emissions.record(events, id);
  await ports.store.save(name, progress, { seen, findings, events: events.map(emittedOf) });
};

/** Runs the remaining steps page by page and stores the progress after each page. */
export const runSteps = async (
  context: RunContext,
  steps: readonly Step[],
  { start, signal, onProgress }: RunStepsOptions,
): Promise<Progress> => {
  let progress = start;
  for (const step of steps.slice(start.step)) {
    for await (const page of pagesOfStep(context, step, progress.cursor)) {
      signal.throwIfAborted(); // before storing: another process may hold the lock by now
      progress = advance(progress, page);
      await storePage(context, progress, page.tally);
      onProgress({ ...progress, steps: steps.length, title: titleOf(steps[progress.step]) });
    }
  }
  return progress;
};
