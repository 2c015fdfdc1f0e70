/** Scheduled tasks and work in progress. */
export type PendingTasks = {
  /** Counts work as in progress until it has finished. */
  readonly track: (work: Promise<unknown>) => void;
  /** Announces that something will happen; call the result when it has. */
  readonly expect: () => () => void;
  readonly later: (ms: number, task: () => void) => void;
  readonly isBusy: () => boolean;
  /** Waits for everything that is scheduled or in progress now. */
  readonly all: () => Promise<unknown>;
  /** Drops the scheduled tasks. */
  readonly cancel: () => void;
};

/** Keeps track of tasks and work, so that one can wait for all of them or cancel them. */
export const createPendingTasks = (): PendingTasks => {
  const timers = new Map<NodeJS.Timeout, () => void>();
  const running = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>): void => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  return {
    track,
    expect: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      track(promise);
      return resolve;
    },
    later: (ms: number, task: () => void): void => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        timers.delete(timer);
        task();
        resolve();
      }, ms);
      timers.set(timer, resolve);
      track(promise);
    },
    isBusy: (): boolean => running.size > 0,
    all: (): Promise<unknown> => Promise.all(running),
    cancel: (): void => {
      for (const [timer, resolve] of timers) {
        clearTimeout(timer);
        resolve();
      }
      timers.clear();
    },
  };
};
