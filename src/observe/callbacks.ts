import type { AnyEvent } from '../core/event.ts';
import type { Registry } from '../products/registry.ts';
import type { CallbackRecord, Outcome } from '../receive/outcome.ts';
import type { Merchants } from '../receive/ports.ts';
import { flatLogger, type Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** Label of a product or merchant that does not exist: labels must stay few, whatever is sent. */
const UNKNOWN = 'unknown';

export type ObserverOptions = {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly merchants: Merchants;
  readonly registry: Registry;
};

/** The outcomes as metrics and logs name them. */
export const outcomeLabels = [
  'accepted',
  'duplicate',
  'conflicting',
  'unrecognized',
  'malformed',
  'forged',
  'refused',
  'spooled',
  'unavailable',
] as const satisfies readonly Outcome['kind'][];

type OutcomeLabel = (typeof outcomeLabels)[number];

/** A question counts as accepted when a worker answered it. */
const outcomeLabel = (outcome: Outcome | null): OutcomeLabel => {
  if (outcome === null) return 'refused';
  if (outcome.kind !== 'answered') return outcome.kind;
  return ({ given: 'accepted', repeated: 'duplicate', default: 'unavailable' } as const)[outcome.by];
};

const eventOf = (outcome: Outcome | null): AnyEvent | null =>
  outcome !== null && 'event' in outcome ? outcome.event : null;

const WARNINGS: ReadonlySet<string> = new Set([
  'forged',
  'malformed',
  'refused',
  'conflicting',
  'unrecognized',
  'spooled',
]);

/** How a log line names the outcome, and how urgent it is. */
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

/** Counts, times and logs each callback: one line each, its fields chosen one by one. */
export const createCallbackObserver = ({ metrics, logger, merchants, registry }: ObserverOptions) => {
  const productOf = ({ product, outcome }: CallbackRecord): string => {
    const named = eventOf(outcome)?.data.product ?? product;
    return named !== null && registry.byProduct.has(named) ? named : UNKNOWN;
  };

  const lines = flatLogger(logger);

  return (record: CallbackRecord): void => {
    const { requestId, outcome, status, durationMs } = record;
    const kind = outcomeLabel(outcome);
    const product = productOf(record);
    const merchant = merchants.find(record.merchant) !== undefined ? record.merchant : UNKNOWN;
    metrics.callbacks.inc({ merchant, product, outcome: kind });
    metrics.callbackDuration.observe({ product, outcome: kind }, durationMs / 1000);
    const event = eventOf(outcome);
    const ids = event === null ? null : idsOf(event);
    if (Array.isArray(ids?.flags) && ids.flags.includes('misrouted')) metrics.misrouted.inc();
    const reason = outcome !== null && 'reason' in outcome ? outcome.reason : undefined;
    const err = outcome !== null && 'cause' in outcome ? outcome.cause : undefined;
    const fields = { requestId, merchant, product, outcome: kind, status, durationMs, ...ids, reason, err };
    (err === undefined ? lines : logger)[levelOf(kind)](fields, 'callback');
  };
};
