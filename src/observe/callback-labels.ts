import type { AnyEvent } from '../core/event.ts';
import type { Registry } from '../products/registry.ts';
import type { CallbackRecord, Outcome } from '../receive/outcome.ts';
import type { Merchants } from '../receive/ports.ts';

/** Label of a product or merchant that does not exist: labels must stay few, whatever is sent. */
const UNKNOWN = 'unknown';

/** The outcomes as metrics, logs and traces name them. */
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

/** What a callback is counted under. */
export type CallbackLabels = {
  readonly merchant: string;
  readonly product: string;
  readonly outcome: OutcomeLabel;
};

/** Where names are looked up that may be labels. */
export type KnownNames = { readonly merchants: Merchants; readonly registry: Registry };

/** A question counts as accepted when a worker answered it. */
const outcomeLabel = (outcome: Outcome | null): OutcomeLabel => {
  if (outcome === null) return 'refused';
  if (outcome.kind !== 'answered') return outcome.kind;
  return ({ given: 'accepted', repeated: 'duplicate', default: 'unavailable' } as const)[outcome.by];
};

/** The event that a callback became, or null. */
export const eventOf = ({ outcome }: CallbackRecord): AnyEvent | null =>
  outcome !== null && 'event' in outcome ? outcome.event : null;

const productOf = (record: CallbackRecord, registry: Registry): string => {
  const named = eventOf(record)?.data.product ?? record.product;
  return named !== null && registry.byProduct.has(named) ? named : UNKNOWN;
};

export const labelsOf = (record: CallbackRecord, { merchants, registry }: KnownNames): CallbackLabels => ({
  merchant: merchants.find(record.merchant) !== undefined ? record.merchant : UNKNOWN,
  product: productOf(record, registry),
  outcome: outcomeLabel(record.outcome),
});
