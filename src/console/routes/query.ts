import { addDays, isDay } from '../../core/day.ts';
import { present } from '../../core/present.ts';
import { offsetAt } from '../../core/time.ts';
import type { ItemFilter } from '../../operate/open-items.ts';
import { type OutcomeLabel, outcomeLabels } from '../../receive/outcome.ts';
import type { ConsoleOptions } from '../send-page.ts';
import type { Choices, Filters } from '../views/filters.ts';
import { outcomeLegend } from '../views/format.ts';

export type Query = Readonly<Record<string, unknown>>;

/** The fields of a posted form; none if the body is not one. */
export const formOf = (body: unknown): Query => (typeof body === 'object' && body !== null ? { ...body } : {});

/** A query parameter, trimmed; undefined if it is repeated or empty. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** All values of a parameter or form field that are not empty. */
export const listOf = (value: unknown): readonly string[] =>
  [value].flat().filter((it): it is string => typeof it === 'string' && it !== '');

/** In characters; no id is longer. */
const MAX_ID_LENGTH = 200;

/** The ids in a query string or a form. */
export const idsOf = (fields: Query): readonly string[] =>
  listOf(fields['id']).filter((id) => id.length <= MAX_ID_LENGTH);

const dayIn = (value: unknown): string | undefined => {
  const text = textOf(value);
  return text !== undefined && isDay(text) ? text : undefined;
};

/** The filters in the query string of a list, without invalid ones. */
export const filtersOf = (query: Query): Filters =>
  present({
    id: textOf(query['id']),
    product: textOf(query['product']),
    outcome: outcomeLabels.find((label) => label === query['outcome']),
    merchant: textOf(query['merchant']),
    from: dayIn(query['from']),
    to: dayIn(query['to']),
  });

/** Converts filters to a query of items or journal entries. Days begin and end in the merchant's time zone. */
export const toItemFilter = (
  { id, product, outcome, merchant, from, to }: Filters,
  { zoneOf }: ConsoleOptions,
): ItemFilter & { readonly outcome?: OutcomeLabel } => {
  const zone = zoneOf(merchant ?? '');
  const startOf = (day: string): number => Date.parse(day) - offsetAt(zone, Date.parse(day));
  const since = from === undefined ? undefined : startOf(from);
  const until = to === undefined ? undefined : startOf(addDays(to, 1));
  return present({ id, product, outcome: outcome as OutcomeLabel | undefined, merchant, since, until });
};

/** The choices that the filters of a list offer. */
export const choicesOf = ({ products, merchants }: ConsoleOptions, hasOutcomes: boolean): Choices => ({
  products,
  merchants: merchants(),
  outcomes: hasOutcomes
    ? outcomeLabels.map((value) => ({ value, label: `${outcomeLegend[value].symbol} ${value}` }))
    : null,
});
