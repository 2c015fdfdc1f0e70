import { queues } from '../core/queues.ts';
import { shareCall } from '../core/share-call.ts';
import type { QueueDepth } from '../operate/ports.ts';
import type { Registry } from '../products/registry.ts';
import { QueueDepths } from '../redis/queue/queue-depths.ts';
import type { ServiceContext } from './context.ts';
import type { Store } from './store.ts';

export type QueueDepthOptions = ServiceContext & {
  readonly registry: Registry;
  readonly store: Store;
};

const OWN_QUEUES = [
  queues.unrecognized,
  queues.findings,
  queues.paymentVerification,
  queues.confirmation,
  queues.reconciliation,
];

/** Measures queues on demand, for metrics and the console. */
export type QueueMeasure = {
  readonly names: readonly string[];
  /** Concurrent calls share one measurement. Rejects while Redis is unavailable. */
  readonly read: () => Promise<readonly QueueDepth[]>;
  /** Updates the metrics. While Redis is unavailable, they have no values rather than stale ones. */
  readonly measure: () => Promise<void>;
};

export const openQueueDepths = (stack: AsyncDisposableStack, options: QueueDepthOptions): QueueMeasure => {
  const { settings, logger, metrics, registry, store, now } = options;
  const onError = (err: unknown): void => logger.debug({ err }, 'queue depths');
  const names = [...registry.byProduct.keys(), ...OWN_QUEUES];
  const depths = stack.use(new QueueDepths({ redis: store.redis, prefix: settings.QUEUE_PREFIX, onError }, names));
  const setMetrics = ({ queue, jobs, nextSince }: QueueDepth): void => {
    for (const [state, count] of Object.entries(jobs)) metrics.queueJobs.set({ queue, state }, count);
    const age = nextSince === null ? 0 : Math.max(0, now() - nextSince) / 1000;
    metrics.queueOldest.set({ queue }, age);
  };
  const read = shareCall(() => store.deadline.within(depths.read()));
  const measure = async (): Promise<void> => {
    const measured = await read().catch(onError);
    metrics.queueJobs.reset();
    metrics.queueOldest.reset();
    measured?.forEach(setMetrics);
  };
  return { names, read, measure };
};
