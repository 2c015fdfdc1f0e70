import type { Pace } from './ports.ts';

export type PaceOptions = {
  readonly requestsPerSecond: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly signal: AbortSignal;
};

/** Spaces requests evenly. Unused turns never add up to a burst. */
export const createPace = ({ requestsPerSecond, now, sleep, signal }: PaceOptions): Pace => {
  const intervalMs = 1000 / requestsPerSecond;
  let next = 0;
  return async () => {
    signal.throwIfAborted();
    const turn = Math.max(next, now());
    next = turn + intervalMs;
    const wait = turn - now();
    if (wait > 0) await sleep(wait, signal);
  };
};
