import { UnrecoverableError } from 'bullmq';

/**
 * Throw this from a handler for an event that it can never handle: the job fails at once, without further attempts. After
 * any other error the job is retried with exponential backoff, up to 8 attempts in total.
 */
export class PermanentFailure extends UnrecoverableError {
  override readonly name = 'PermanentFailure';

  constructor(message: string, options?: ErrorOptions) {
    super(message);
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}
