import type { Deadline } from '../receive/ports.ts';

/** Redis did not answer in time. The command may still be executed. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super(`not stored within ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }
}

/** A deadline on real timers. Late results and late failures are ignored. */
export const createDeadline = (milliseconds: number): Deadline => ({
  within: (work) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new DeadlineError(milliseconds)), milliseconds);
      work.then(
        (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    }),
});
