import type { ProductDefinition } from '../products/definition.ts';
import type { Registry } from '../products/registry.ts';
import type { KnownHistory } from '../receive/history.ts';
import type { Row } from './row.ts';

/** The family of a row: `known`, or `open` with the families that its channel allows (empty: any family). */
export type Family =
  | { readonly kind: 'known'; readonly product: string }
  | { readonly kind: 'open'; readonly candidates: readonly string[] };

const matches = (patterns: readonly RegExp[], channelCode: string | null): boolean =>
  patterns.some((pattern) => pattern.test(channelCode ?? ''));

const claimingProducts = ({ definitions }: Registry, channelCode: string | null): readonly string[] =>
  channelCode === null
    ? []
    : definitions.filter(({ channels }) => matches(channels, channelCode)).map(({ product }) => product);

const known = (product: string): Family => ({ kind: 'known', product });

/**
 * Decides which family a row belongs to: the family that the ledger recorded when the transaction was first seen, else
 * that of the call which returned the row, else the only family that claims the channel code.
 *
 * @see docs/paycools.md 11.6
 */
export const decideFamily = (
  registry: Registry,
  { product, channelCode }: Pick<Row, 'product' | 'channelCode'>,
  entry: KnownHistory | null,
): Family => {
  const decided = entry?.product ?? product;
  if (decided !== null) return known(decided);
  const [first, ...others] = claimingProducts(registry, channelCode);
  return first !== undefined && others.length === 0
    ? known(first)
    : { kind: 'open', candidates: first === undefined ? [] : [first, ...others] };
};

const isSilentIn = (definition: ProductDefinition | undefined, channelCode: string | null): boolean =>
  matches(definition?.successOnly ?? [], channelCode);

/**
 * Whether PayCools sends no callback for unpaid payments like this one, so that pending is not suspicious.
 *
 * @see docs/paycools.md 10, 9
 */
export const isSilent = (registry: Registry, row: Row, entry: KnownHistory | null): boolean => {
  const family = decideFamily(registry, row, entry);
  return family.kind === 'known' && isSilentIn(registry.byProduct.get(family.product), row.channelCode);
};
