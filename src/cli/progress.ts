import type { Io } from './io.ts';

/** A line of progress that is rewritten in place. */
export type Progress = Disposable & {
  readonly show: (text: string) => void;
  /** Erases the line, so that something else can be written. */
  readonly clear: () => void;
};

/** Erases from the cursor to the end of the line. */
const ERASE = '\u001B[K';

/** Shows the progress of a command on a terminal. Disposing of it erases the line. */
export const createProgress = (io: Io): Progress => {
  let isShown = false;
  const clear = (): void => {
    if (isShown) io.err(`\r${ERASE}`);
    isShown = false;
  };
  const show = (text: string): void => {
    if (!io.isTerminal) return;
    io.err(`\r${text}${ERASE}`);
    isShown = true;
  };
  return { show, clear, [Symbol.dispose]: clear };
};
