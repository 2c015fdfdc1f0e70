import { UnrecoverableError } from 'bullmq';

/**
 * Throw this from a handler for an event that it can never handle: the job fails at once, without another attempt. After
 * any other error the job is retried, 8 attempts in total, with exponential backoff.
 */
export class PermanentFailure extends UnrecoverableError {
  override readonly name = 'PermanentFailure';

  constructor(message: string, options?: ErrorOptions) {
    super(message);
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}
