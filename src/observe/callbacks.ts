import type { AnyEvent } from '../core/event.ts';
import { type CallbackRecord, eventIn, type OutcomeLabel } from '../receive/outcome.ts';
import { type CallbackLabels, type KnownNames, labelsOf, UNKNOWN } from './callback-labels.ts';
import { paymentLink } from './console-link.ts';
import type { FloodLog } from './flood-log.ts';
import { flatLogger, type Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export type ObserverOptions = KnownNames & {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly floods: FloodLog;
  /** Address of the console; empty if it is not configured. */
  readonly consoleUrl: string;
};

const WARNINGS: ReadonlySet<OutcomeLabel> = new Set(['conflicting', 'unrecognized', 'spooled']);

/** Anyone can cause these at will, so floods of them are collapsed. */
const REFUSED: ReadonlySet<OutcomeLabel> = new Set(['forged', 'malformed', 'refused']);

const levelOf = (outcome: OutcomeLabel): 'info' | 'warn' | 'error' => {
  if (outcome === 'unavailable') return 'error';
  return WARNINGS.has(outcome) ? 'warn' : 'info';
};

const textOrUndefined = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The fields of an event that a log line may show: ids, type and flags, no personal data, no payload. */
const idsOf = (event: AnyEvent) => {
  const data: Readonly<Record<string, unknown>> = event.data;
  return {
    eventId: event.id,
    type: event.type,
    transactionId: textOrUndefined(data['transactionId']),
    merchantOrderId: textOrUndefined(data['merchantOrderId']),
    flags: data['flags'],
  };
};

/** Why a callback was not accepted, for the operator; its sender gets no reason. */
const reasonOf = ({ outcome }: CallbackRecord, { merchant }: CallbackLabels): string | undefined => {
  if ('reason' in outcome) return outcome.reason;
  if (outcome.kind === 'refused') return 'address';
  if (outcome.kind !== 'forged') return undefined;
  return merchant === UNKNOWN ? 'unknown merchant' : 'signature';
};

/** The address of the payment's page, for a line that needs attention. */
const linkOf = (consoleUrl: string, level: string, id: string): string | undefined =>
  level === 'info' ? undefined : paymentLink(consoleUrl, id);

/** Counts, times and logs each callback. One line per callback, with fields chosen one by one. */
export const createCallbackObserver = ({ metrics, logger, floods, consoleUrl, ...names }: ObserverOptions) => {
  const lines = flatLogger(logger);

  return (record: CallbackRecord): void => {
    const { requestId, source, outcome, status, durationMs, traceId } = record;
    const labels = labelsOf(record, names);
    metrics.callbacks.inc(labels);
    metrics.callbackDuration.observe({ product: labels.product, outcome: labels.outcome }, durationMs / 1000);
    const event = eventIn(outcome);
    const ids = event === null ? null : idsOf(event);
    if (Array.isArray(ids?.flags) && ids.flags.includes('misrouted')) metrics.misrouted.inc();
    const reason = reasonOf(record, labels);
    const level = levelOf(labels.outcome);
    const link = linkOf(consoleUrl, level, ids?.transactionId ?? requestId);
    const line = { requestId, source, ...labels, status, durationMs, ...ids, reason, traceId, link };
    const err = 'cause' in outcome ? outcome.cause : undefined;
    if (REFUSED.has(labels.outcome)) floods.write({ ...line, reason: reason ?? labels.outcome }, 'callback');
    else if (err === undefined) lines[level](line, 'callback');
    else logger[level]({ ...line, err }, 'callback');
  };
};
