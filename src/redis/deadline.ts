import type { Deadline } from '../receive/ports.ts';

/** The store did not answer in time. What was asked of it may still happen. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super(`not stored within ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }
}

/** A deadline on real timers. Work that settles after it is left alone; its late failure goes nowhere. */
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
