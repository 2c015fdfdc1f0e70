import type { Registry } from '../products/registry.ts';
import { type CallbackRecord, eventIn, type OutcomeLabel, outcomeLabel } from '../receive/outcome.ts';
import type { Merchants } from '../receive/ports.ts';

/** Label of a product or merchant that does not exist: whatever is sent, the set of labels must stay small. */
export const UNKNOWN = 'unknown';

/** What a callback is counted under. */
export type CallbackLabels = {
  readonly merchant: string;
  readonly product: string;
  readonly outcome: OutcomeLabel;
};

/** The names that may become labels. */
export type KnownNames = { readonly merchants: Merchants; readonly registry: Registry };

const productOf = (record: CallbackRecord, registry: Registry): string => {
  const named = eventIn(record.outcome)?.data.product ?? record.product;
  return named !== null && registry.byProduct.has(named) ? named : UNKNOWN;
};

export const labelsOf = (record: CallbackRecord, { merchants, registry }: KnownNames): CallbackLabels => ({
  merchant: merchants.find(record.merchant) !== undefined ? record.merchant : UNKNOWN,
  product: productOf(record, registry),
  outcome: outcomeLabel(record.outcome),
});
