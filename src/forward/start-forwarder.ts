import { consumeFrom } from '../consumer/create-consumer.ts';
import type { AnyHandledEvent, Handler, Handlers } from '../consumer/handlers.ts';
import type { Consumer, Failed } from '../consumer/options.ts';
import { PostponedError } from '../consumer/postponed-error.ts';
import { queues } from '../core/queues.ts';
import type { RedisAddress } from '../core/redis-url.ts';
import { products } from '../products/registry.ts';
import { connectReader } from '../redis/connection/connection.ts';
import { ForwardError, postEvent, type Target } from './post-event.ts';
import { createTurns, type Turns } from './turns.ts';

/** The queues that can be forwarded: those of the families, `findings` and `unrecognized`. */
export const forwardableQueues: readonly string[] = [
  ...products.map(({ product }) => product),
  queues.findings,
  queues.unrecognized,
];

export type ForwarderOptions = {
  readonly redis: RedisAddress;
  readonly prefix: string;
  readonly target: Target;
  readonly queueNames: readonly string[];
  /** Number of events posted at the same time, per queue. */
  readonly concurrency: number;
  /** Whether stale events are posted too. */
  readonly handlesStale: boolean;
  /** Whether the events of a payment are posted in order. */
  readonly isOrdered: boolean;
  /** Called with each attempt. */
  readonly onAttempt: (attempt: ForwardAttempt) => void;
};

/** An attempt to post an event. Of the event, it contains only type and id. */
export type ForwardAttempt = {
  readonly type: string;
  readonly id: string;
  readonly attempt: number;
  /** HTTP status; null if the attempt failed. */
  readonly status: number | null;
  /** Why it failed; null if it did not. */
  readonly error: string | null;
  /** Whether it was the last attempt. */
  readonly isFinal: boolean;
};

/** Delay before an event is tried again when it is not its turn, in milliseconds. */
const POSTPONE_MS = 10_000;

const failedAttempt = ({ job, error, isFinal, attempt }: Failed): ForwardAttempt => ({
  type: job.name,
  id: String(job.data?.id),
  attempt,
  status: null,
  error: error instanceof ForwardError ? error.message : error.name,
  isFinal,
});

const createHandler =
  ({ target, onAttempt }: ForwarderOptions, turns: Turns | null): Handler<AnyHandledEvent> =>
  async (event, { attempt }) => {
    if (turns !== null && !(await turns.take(event))) throw new PostponedError(POSTPONE_MS);
    const status = await postEvent(event, target);
    await turns?.leave(event);
    onAttempt({ type: event.type, id: event.id, attempt, status, error: null, isFinal: true });
  };

/** Starts a worker that posts each event of the queues to an HTTP endpoint. */
export const startForwarder = (options: ForwarderOptions): Consumer => {
  const { redis, prefix, queueNames, isOrdered, concurrency, handlesStale, target, onAttempt } = options;
  const connection = isOrdered ? connectReader(redis, 'paycools-forward') : null;
  connection?.on('error', () => undefined); // the consumer reports the same trouble
  const turns = connection === null ? null : createTurns({ redis: connection, prefix, now: target.now });
  const handler = createHandler(options, turns);
  const onFailed = (failed: Failed): void => {
    onAttempt(failedAttempt(failed));
    if (failed.isFinal) turns?.leave(failed.job.data).catch(() => undefined);
  };
  const handlers = Object.fromEntries(queueNames.map((name) => [name, handler])) as Handlers;
  const consumer = consumeFrom(redis, { prefix, handlers, concurrency, handlesStale, onFailed });
  const close = async (): Promise<void> => {
    await consumer.close();
    connection?.disconnect();
  };
  return { ...consumer, close, [Symbol.asyncDispose]: close };
};
