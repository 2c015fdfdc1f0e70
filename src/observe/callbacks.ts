import type { AnyEvent } from '../core/event.ts';
import { type CallbackRecord, eventIn } from '../receive/outcome.ts';
import { type KnownNames, labelsOf } from './callback-labels.ts';
import { flatLogger, type Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export type ObserverOptions = KnownNames & { readonly metrics: Metrics; readonly logger: Logger };

const WARNINGS: ReadonlySet<string> = new Set([
  'forged',
  'malformed',
  'refused',
  'conflicting',
  'unrecognized',
  'spooled',
]);

/** The log level of this outcome. */
const levelOf = (outcome: string): 'info' | 'warn' | 'error' => {
  if (outcome === 'unavailable') return 'error';
  return WARNINGS.has(outcome) ? 'warn' : 'info';
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The fields of an event that a log line may show: ids and words, no personal data, no payload. */
const idsOf = (event: AnyEvent) => {
  const data: Readonly<Record<string, unknown>> = event.data;
  return {
    eventId: event.id,
    type: event.type,
    transactionId: text(data['transactionId']),
    merchantOrderId: text(data['merchantOrderId']),
    flags: data['flags'],
  };
};

/** Counts, times and logs each callback: one line per callback, its fields chosen one by one. */
export const createCallbackObserver = ({ metrics, logger, ...names }: ObserverOptions) => {
  const lines = flatLogger(logger);

  return (record: CallbackRecord): void => {
    const { requestId, outcome, status, durationMs } = record;
    const labels = labelsOf(record, names);
    metrics.callbacks.inc(labels);
    metrics.callbackDuration.observe({ product: labels.product, outcome: labels.outcome }, durationMs / 1000);
    const event = eventIn(outcome);
    const ids = event === null ? null : idsOf(event);
    if (Array.isArray(ids?.flags) && ids.flags.includes('misrouted')) metrics.misrouted.inc();
    const reason = outcome !== null && 'reason' in outcome ? outcome.reason : undefined;
    const err = outcome !== null && 'cause' in outcome ? outcome.cause : undefined;
    const fields = { requestId, ...labels, status, durationMs, ...ids, reason, err };
    (err === undefined ? lines : logger)[levelOf(labels.outcome)](fields, 'callback');
  };
};
