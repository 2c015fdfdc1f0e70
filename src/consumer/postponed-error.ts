/**
 * Throw this from a handler that cannot handle an event yet: the event is delivered again after `delayMs`, without using
 * up an attempt. There is no limit, so an event can be postponed forever.
 */
export class PostponedError extends Error {
  override readonly name = 'PostponedError';
  /** Delay before the event is delivered again, in milliseconds. */
  readonly delayMs: number;

  constructor(delayMs: number) {
    super(`postponed by ${delayMs} ms`);
    this.delayMs = delayMs;
  }
}
