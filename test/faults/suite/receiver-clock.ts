import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The wall clock of the receiver, as its JavaScript reads it. */
export type ReceiverClock = {
  /** Sets its offset from the true time, in milliseconds. */
  readonly jump: (milliseconds: number) => void;
  readonly nodeArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** Creates a clock that can be moved while the receiver runs. Its file is in `dir`. */
export const createReceiverClock = (dir: string): ReceiverClock => {
  const file = join(resolve(dir), 'clock');
  const jump = (milliseconds: number): void => writeFileSync(file, String(milliseconds));
  jump(0);
  return {
    jump,
    nodeArgs: ['--import', new URL('./moved-clock.ts', import.meta.url).href],
    env: { MOVED_CLOCK_FILE: file },
  };
};
