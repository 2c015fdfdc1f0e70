import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 25;

export type UntilOptions = {
  /** The awaited condition, as the end of "it took longer than N ms until …". */
  readonly what: string;
  readonly timeoutMs: number;
};

/** Polls until the condition holds. A check that throws counts as false. */
export const until = async (isSo: () => Promise<boolean>, { what, timeoutMs }: UntilOptions): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  let reason: unknown;
  for (;;) {
    try {
      if (await isSo()) return;
    } catch (error) {
      reason = error;
    }
    if (performance.now() > deadline)
      throw new Error(`it took longer than ${timeoutMs} ms until ${what}`, { cause: reason });
    await sleep(STEP_MS);
  }
};
