import type { Job } from 'bullmq';
import type { z } from 'zod';
import { describeIssues } from '../core/describe-issues.ts';
import type { AnyProductEvent, Route } from './handlers.ts';
import type { Once } from './once.ts';
import { PermanentFailure } from './permanent-failure.ts';

/** What became of a job, for logs and metrics. */
export type Processed = {
  readonly event: AnyProductEvent;
  readonly result: 'handled' | 'skipped-stale';
  readonly attempt: number;
  readonly durationMs: number;
};

export type ProcessOptions = {
  readonly route: Route;
  readonly schema: z.ZodType;
  readonly handlesStale: boolean;
  readonly once: Once;
  readonly onProcessed: (processed: Processed) => void;
};

/**
 * The event of a job.
 *
 * @throws PermanentFailure that names what is wrong, without values
 */
export const readEvent = <Event>(job: Job, schema: z.ZodType<Event>): Event => {
  const parsed = schema.safeParse(job.data);
  if (parsed.success) return parsed.data;
  throw new PermanentFailure(
    `job ${job.id} is not an event of this version: ${describeIssues(parsed.error).join('; ')}`,
  );
};

/** Builds the processor of one family's queue: checks the job, skips stale events, calls the handler. */
export const createProcessor =
  ({ route, schema, handlesStale, once, onProcessed }: ProcessOptions) =>
  async (job: Job): Promise<void> => {
    const started = performance.now();
    const event = readEvent(job, schema) as AnyProductEvent;
    const attempt = job.attemptsMade + 1;
    const isSkipped = event.data.flags.includes('stale') && !handlesStale;
    const handler = route.byType.get(event.type);
    if (handler === undefined) throw new PermanentFailure(`unknown event type ${event.type}`);
    if (!isSkipped) {
      await handler(event, {
        attempt,
        once: (effect, name = 'effect') => once(`${event.id}:${name}`, effect),
      });
    }
    const result = isSkipped ? 'skipped-stale' : 'handled';
    onProcessed({ event, result, attempt, durationMs: performance.now() - started });
  };
