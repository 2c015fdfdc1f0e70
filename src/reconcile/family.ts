import type { ProductDefinition } from '../products/definition.ts';
import type { Registry } from '../products/registry.ts';
import type { KnownHistory } from '../receive/history.ts';
import type { Row } from './row.ts';

/**
 * The family of a row: `known`, or `open` with the families that may be asked whether it is theirs; none where any may
 * be.
 */
export type Family =
  | { readonly kind: 'known'; readonly product: string }
  | { readonly kind: 'open'; readonly candidates: readonly string[] };

const matches = (patterns: readonly RegExp[], channelCode: string | null): boolean =>
  patterns.some((pattern) => pattern.test(channelCode ?? ''));

const claimants = ({ definitions }: Registry, channelCode: string | null): readonly string[] =>
  channelCode === null
    ? []
    : definitions.filter(({ channels }) => matches(channels, channelCode)).map(({ product }) => product);

const known = (product: string): Family => ({ kind: 'known', product });

/**
 * Which family a row belongs to. The ledger comes first, because it pinned the family when the transaction was first seen;
 * then the call that the row came from; then the channel code, where one family only claims it.
 *
 * @see PAYCOOLS.md 11.6
 */
export const familyOf = (
  registry: Registry,
  { product, channelCode }: Pick<Row, 'product' | 'channelCode'>,
  entry: KnownHistory | null,
): Family => {
  const decided = entry?.product ?? product;
  if (decided !== null) return known(decided);
  const [first, ...others] = claimants(registry, channelCode);
  return first !== undefined && others.length === 0
    ? known(first)
    : { kind: 'open', candidates: first === undefined ? [] : [first, ...others] };
};

const isSilentIn = (definition: ProductDefinition | undefined, channelCode: string | null): boolean =>
  matches(definition?.successOnly ?? [], channelCode);

/**
 * Whether a payment of this row that is not paid never causes a callback, so that its being pending says nothing.
 *
 * @see PAYCOOLS.md 10, 9
 */
export const isSilent = (registry: Registry, row: Row, entry: KnownHistory | null): boolean => {
  const family = familyOf(registry, row, entry);
  return family.kind === 'known' && isSilentIn(registry.byProduct.get(family.product), row.channelCode);
};
