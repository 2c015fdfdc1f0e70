/**
 * Throw this from a handler that cannot handle an event yet: it is given to a handler again after `delayMs`, and that does
 * not count as an attempt. Without an end to it an event can be postponed forever.
 */
export class PostponedError extends Error {
  override readonly name = 'PostponedError';
  /** In milliseconds. */
  readonly delayMs: number;

  constructor(delayMs: number) {
    super(`postponed by ${delayMs} ms`);
    this.delayMs = delayMs;
  }
}
