import { readFileSync, writeFileSync } from 'node:fs';
import type { Latency } from './load.ts';

/** The contenders that are always measured. docs/performance.md describes them. */
export const contenders = ['receiver', 'express', 'fastify', 'promises', 'bare'] as const;
type Contender = (typeof contenders)[number];

/** The floor (g) is measured only where a Rust compiler is installed. */
export type MeasuredContender = Contender | 'floor';

/** Medians of the rounds. Microseconds are per callback. */
export type Compared = {
  readonly perSecond: number;
  readonly serverMicros: number;
  readonly redisMicros: number;
  readonly residentMb: number;
  /** At half of `perSecond`. */
  readonly latencyMs: Latency;
};

/** The results of a run. Only their ratios are meaningful on other machines. */
export type Results = {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly node: string;
    readonly redis: string;
  };
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly compared: Readonly<Record<Contender, Compared>> & { readonly floor?: Compared };
  readonly verificationMicros: number;
  readonly store: { readonly clientMicros: number; readonly redisMicros: number };
  readonly repeats: {
    readonly newPerSecond: number;
    readonly duplicatePerSecond: number;
    /** Processor time of receiver and Redis. */
    readonly newMicros: number;
    readonly duplicateMicros: number;
    readonly queuedBytes: number;
    readonly deduplicatedBytes: number;
  };
  /** Processor time of receiver and Redis per callback, in microseconds, by number of connections. */
  readonly byConnections: Readonly<Record<string, number>>;
  readonly envelope: { readonly flatMicros: number; readonly envelopeMicros: number; readonly checkMicros: number };
  readonly startMs: number;
  /** Long measurements: absent until they are made, and kept by runs without them. */
  readonly memory?: {
    readonly minutes: number;
    readonly startMb: number;
    readonly endMb: number;
    readonly peakMb: number;
  };
  readonly backlog?: { readonly events: number; readonly emptyPerSecond: number; readonly fullPerSecond: number };
  readonly scale?: readonly ScaleRow[];
  readonly causes?: Causes;
  readonly parts?: readonly PartRow[];
};

/** The receiver without a part and without those of the rows before; `without` is null for the receiver as shipped. */
export type PartRow = {
  readonly without: string | null;
  readonly receiverMicros: number;
  readonly redisMicros: number;
};

/** Latency and cost of the receiver after removing one cause after another. */
export type Causes = {
  readonly ratePerSecond: number;
  readonly rows: readonly {
    readonly name: string;
    /** Latencies at that rate, in milliseconds. */
    readonly p50: number;
    readonly p99: number;
    /** Processor time of receiver and Redis per callback at saturation, in microseconds, by number of connections. */
    readonly microsAt16: number;
    readonly microsAt64: number;
  }[];
};

export type ScaleRow = {
  readonly name: string;
  readonly perSecond: number;
  /** Processor time per callback, of all receivers and of each node of Redis. */
  readonly receiverMicros: number;
  readonly redisMicros: readonly number[];
};

const FILE = 'test/bench/results.json';

/** The committed results; empty if there are none. */
export const readResults = (): Partial<Results> => {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Results;
  } catch {
    return {};
  }
};

const DIGITS = 4; // more is noise

const short = (_name: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;

/** Writes the results and returns them as written. */
export const writeResults = (results: Results): Results => {
  const text = JSON.stringify(results, short, 2);
  writeFileSync(FILE, `${text}\n`);
  return JSON.parse(text) as Results;
};
