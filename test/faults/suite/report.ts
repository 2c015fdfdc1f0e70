import type { FaultKind } from './faults.ts';

/** The result of a run. */
export type Report = {
  readonly scenario: string;
  readonly seed: number;
  /** Numbered callbacks that were sent; a number that was sent twice counts once. */
  readonly posted: number;
  /** All requests, repeats and forgeries included. */
  readonly requests: number;
  /** Numbers that were answered 200 at least once. */
  readonly accepted: number;
  /** Answers 200 beyond the first to the same number. */
  readonly duplicates: number;
  /** Answers 503. */
  readonly unavailable: number;
  /** Requests without an answer: the receiver was down or went down. */
  readonly unanswered: number;
  readonly forgeries: number;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** The largest number of callbacks in the spool when a fault ended. */
  readonly mostSpooled: number;
  readonly lost: number;
  readonly doubled: number;
  readonly foreign: number;
  readonly forged: number;
  readonly maxWaitMs: number;
  /** Longest time from the end of a fault until the receiver was ready again, by kind, in milliseconds. */
  readonly recoveryMs: Readonly<Partial<Record<FaultKind, number>>>;
  readonly seconds: number;
  /** One sentence per broken promise. */
  readonly violations: readonly string[];
};

type Counts = Partial<Record<FaultKind, number>>;

const merge = (left: Counts, right: Counts, both: (a: number, b: number) => number): Counts => {
  const merged = { ...left };
  for (const [kind, value] of Object.entries(right)) {
    const known = merged[kind as FaultKind];
    merged[kind as FaultKind] = known === undefined ? value : both(known, value);
  }
  return merged;
};

const plus = (a: number, b: number): number => a + b;

/** Merges the reports of several runs. */
export const mergeReports = ([first, ...rest]: readonly Report[]): Report => {
  if (first === undefined) throw new Error('there is no report');
  return rest.reduce<Report>(
    (sum, next) => ({
      scenario: 'all',
      seed: sum.seed,
      posted: sum.posted + next.posted,
      requests: sum.requests + next.requests,
      accepted: sum.accepted + next.accepted,
      duplicates: sum.duplicates + next.duplicates,
      unavailable: sum.unavailable + next.unavailable,
      unanswered: sum.unanswered + next.unanswered,
      forgeries: sum.forgeries + next.forgeries,
      faults: merge(sum.faults, next.faults, plus),
      mostSpooled: Math.max(sum.mostSpooled, next.mostSpooled),
      lost: sum.lost + next.lost,
      doubled: sum.doubled + next.doubled,
      foreign: sum.foreign + next.foreign,
      forged: sum.forged + next.forged,
      maxWaitMs: Math.max(sum.maxWaitMs, next.maxWaitMs),
      recoveryMs: merge(sum.recoveryMs, next.recoveryMs, Math.max),
      seconds: sum.seconds + next.seconds,
      violations: [...sum.violations, ...next.violations],
    }),
    first,
  );
};

const count = (value: number): string => Math.round(value).toLocaleString('en');

/** The report as two tables in Markdown, as docs/reliability.md shows them. */
export const reportTables = (report: Report): string => {
  const faults = Object.entries(report.faults);
  const figures: [string, number][] = [
    ['callbacks posted', report.posted],
    ['requests, with repeats and forgeries', report.requests],
    ['callbacks answered 200', report.accepted],
    ['repeats answered 200', report.duplicates],
    ['answers 503', report.unavailable],
    ['requests without an answer (the receiver was down)', report.unanswered],
    ['forgeries, all refused', report.forgeries],
    ['faults injected', faults.reduce((sum, [, times]) => sum + times, 0)],
    ['most callbacks in the spool at one time', report.mostSpooled],
    ['**lost**', report.lost],
    ['**stored twice**', report.doubled],
    ['stored, but never sent like this', report.foreign],
    ['forgeries accepted', report.forged],
    ['longest wait of a caller, ms', report.maxWaitMs],
    ['duration, s', report.seconds],
  ];
  return [
    '| figure | value |',
    '| --- | ---: |',
    ...figures.map(([name, value]) => `| ${name} | ${count(value)} |`),
    '',
    '| fault | times | longest until ready again, ms |',
    '| --- | ---: | ---: |',
    ...faults.map(([kind, times]) => `| ${kind} | ${times} | ${count(report.recoveryMs[kind as FaultKind] ?? 0)} |`),
  ].join('\n');
};
