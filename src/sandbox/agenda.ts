/** Tasks that are planned and work that is under way. */
export type Agenda = {
  /** Counts work as under way until it has settled. */
  readonly track: (work: Promise<unknown>) => void;
  /** Says that something is to happen; call the result when it has. */
  readonly expect: () => () => void;
  readonly later: (ms: number, task: () => void) => void;
  readonly isBusy: () => boolean;
  /** Waits for all that is planned and under way now. */
  readonly all: () => Promise<unknown>;
  /** Drops what is planned. */
  readonly cancel: () => void;
};

/** An agenda, so that one can wait for everything, or stop it. */
export const createAgenda = (): Agenda => {
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
