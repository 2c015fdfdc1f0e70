import { UnrecoverableError } from 'bullmq';

/**
 * Thrown by a handler for an event that it can never handle: it is not tried again and goes to the failed jobs at once.
 * Everything else that a handler throws is tried again, 8 times in all, with exponential backoff.
 */
export class PermanentFailure extends UnrecoverableError {
  override readonly name = 'PermanentFailure';

  constructor(message: string, options?: ErrorOptions) {
    super(message);
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}
