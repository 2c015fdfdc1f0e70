import type { Io } from './io.ts';

/** One line about long work, written over. */
export type Progress = Disposable & {
  readonly show: (text: string) => void;
  /** Removes the line, before something else is written. */
  readonly clear: () => void;
};

/** The rest of the line, to its end. */
const ERASE = '\u001B[K';

/** The progress of a command, on a terminal only. The line is gone when it is disposed of. */
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
