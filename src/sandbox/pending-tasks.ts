/** Keeps track of scheduled tasks and of work in progress. */
export const createPendingTasks = () => {
  const timers = new Map<NodeJS.Timeout, () => void>();
  const running = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>): void => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  return {
    /** Counts work as in progress until it has finished. */
    track,
    /** Counts as work in progress until the returned function is called. */
    expect: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      track(promise);
      return resolve;
    },
    /** Runs a task after `ms` milliseconds. */
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
    /** Resolves when everything that is scheduled or in progress now has finished. */
    finished: (): Promise<unknown> => Promise.all(running),
    /** Drops the scheduled tasks. */
    cancel: (): void => {
      for (const [timer, resolve] of timers) {
        clearTimeout(timer);
        resolve();
      }
      timers.clear();
    },
  };
};

export type PendingTasks = ReturnType<typeof createPendingTasks>;
