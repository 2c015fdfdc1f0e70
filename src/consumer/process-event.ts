import type { Job } from 'bullmq';
import type { z } from 'zod';
import { merchantOf } from '../core/cloud-event.ts';
import { describeIssues } from '../core/describe-issues.ts';
import type { AnyHandledEvent, Route } from './handlers.ts';
import type { Once } from './once.ts';
import { PermanentFailure } from './permanent-failure.ts';

/** An event that was handled or skipped, for logs and metrics. */
export type Processed = {
  readonly event: AnyHandledEvent;
  readonly result: 'handled' | 'skipped-stale';
  /** Number of the attempt; the first one is 1. */
  readonly attempt: number;
  /** In milliseconds. */
  readonly durationMs: number;
};

type ProcessOptions = {
  readonly route: Route;
  readonly handlesStale: boolean;
  readonly once: Once;
  readonly onProcessed: (processed: Processed) => void;
};

/** Number of the attempt in progress; the first one is 1. Failed attempts and deaths of workers count. */
export const attemptOf = ({ attemptsMade, stalledCounter }: Job): number => attemptsMade + stalledCounter + 1;

/**
 * Reads the event of a job.
 *
 * @throws PermanentFailure that names the invalid members, without their values
 */
export const readEvent = <Event>(job: Job, schema: z.ZodType<Event>): Event => {
  const parsed = schema.safeParse(job.data);
  if (parsed.success) return parsed.data;
  throw new PermanentFailure(
    `job ${job.id} is not an event of this version: ${describeIssues(parsed.error).join('; ')}`,
  );
};

const isStale = ({ data }: AnyHandledEvent): boolean => 'flags' in data && data.flags.includes('stale');

/** Builds the processor of one queue: checks the job, skips stale events, calls the handler. */
export const createProcessor =
  ({ route, handlesStale, once, onProcessed }: ProcessOptions) =>
  async (job: Job): Promise<void> => {
    const started = performance.now();
    const event = readEvent(job, route.schema) as AnyHandledEvent;
    const attempt = attemptOf(job);
    const handler = route.handlerOf(event.type);
    if (handler === undefined) throw new PermanentFailure(`unknown event type ${event.type}`);
    const isSkipped = isStale(event) && !handlesStale;
    if (!isSkipped) {
      await handler(event, {
        merchant: merchantOf(event),
        attempt,
        once: (effect, name = 'effect') => once(`${event.id}:${name}`, effect),
      });
    }
    const result = isSkipped ? 'skipped-stale' : 'handled';
    onProcessed({ event, result, attempt, durationMs: performance.now() - started });
  };
