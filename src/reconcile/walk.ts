import type { Progress, StatementView } from './ports.ts';
import { findingPages } from './recheck-findings.ts';
import { reconcileDay, reconcileOpen } from './reconcile-known.ts';
import { refundPages } from './refund-rotation.ts';
import { emittedOf } from './report.ts';
import { emptyTally, type Page, type RunContext, sumCounts, type Tally } from './run-context.ts';
import { statementPages, titleOfView } from './statement-pages.ts';

/** A part of a run. Its pages can be counted only by walking through them. */
export type Step =
  | { readonly kind: 'statement'; readonly view: StatementView }
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'open' | 'refunds' | 'findings' };

/** A payment made before midnight completes after it: each day is walked by creation and by completion. */
const viewsOf = (day: string): StatementView[] =>
  (['payment', 'payout'] as const).flatMap((statement) =>
    (['createDate', 'completeDate'] as const).map((by) => ({ statement, by, day })),
  );

/** The statements first, then what the ledger has and they did not list, what is open, older refunds, and findings. */
export const stepsOf = (days: readonly string[]): readonly Step[] => [
  ...days.flatMap(viewsOf).map((view): Step => ({ kind: 'statement', view })),
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

const pagesOf = (context: RunContext, step: Step, cursor: string | null): AsyncGenerator<Page> => {
  switch (step.kind) {
    case 'statement':
      return statementPages(context, step.view, cursor);
    case 'refunds':
      return refundPages(context, cursor);
    case 'findings':
      return findingPages(context);
    default:
      return ledgerPages(context, step.kind === 'day' ? step.day : null, cursor);
  }
};

const countFindings = (before: Progress['findings'], { findings }: Tally): Progress['findings'] => {
  const counts: Record<string, number> = { ...before };
  for (const { data } of findings) counts[data.kind] = (counts[data.kind] ?? 0) + 1;
  return counts;
};

/** Things left out that the report names. */
const MAX_LEFT_OUT = 100;

const advance = (before: Progress, { tally, next }: Page): Progress => ({
  ...sumCounts(before, tally),
  startedAt: before.startedAt,
  step: next === null ? before.step + 1 : before.step,
  cursor: next,
  findings: countFindings(before.findings, tally),
  leftOut: [...before.leftOut, ...tally.leftOut].slice(0, MAX_LEFT_OUT),
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

/** Records what a page brought: what it emitted first, because operators look for it by its ids. */
const store = async (
  { ports, name, id, apply }: RunContext,
  progress: Progress,
  { seen, findings, events }: Tally,
): Promise<void> => {
  if (apply && events.length > 0) await ports.emissions.note(events, id);
  await ports.store.save(name, progress, { seen, findings, events: events.map(emittedOf) });
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
      await store(context, progress, page.tally);
      onProgress({ ...progress, steps: steps.length, title: titleOf(steps[progress.step]) });
    }
  }
  return progress;
};
