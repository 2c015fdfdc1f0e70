import type { Command } from 'commander';
import { isDay } from '../core/day.ts';
import { DAY_MS, HOUR_MS, offsetAt } from '../core/time.ts';
import type { ItemFilter } from '../operate/open-items.ts';
import { products } from '../products/registry.ts';
import { type OutcomeLabel, outcomeLabels } from '../receive/outcome.ts';
import { type Io, UsageError } from './io.ts';
import { oneOf } from './option-values.ts';

/** The filters as written on the command line. */
export type FilterOptions = { readonly [Name in keyof ItemFilter | 'outcome']?: string };

/** Adds the filters that `events list` and the queues share. */
export const addFilters = (command: Command): Command =>
  command
    .option('--id <id>', 'only with an id (order, transaction, event, request, …) that has this prefix, in any case')
    .option('--product <product>', `only of this product: ${products.map(({ product }) => product).join(', ')}`)
    .option('--merchant <name>', 'only for this merchant')
    .option('--since <time>', 'only received since this time: 2026-11-26, 2026-11-26T14:00:00+08:00, 30m, 12h, 3d')
    .option('--until <time>', 'only received before this time');

const UNITS = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', HOUR_MS],
  ['d', DAY_MS],
]);

/** A time without an offset is in the user's time zone. */
const parseTime = (name: string, text: string, { now, screen }: Io): number => {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return now() - Number(count) * (UNITS.get(unit) ?? 0);
  const isLocal = isDay(text) || /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text);
  const time = Date.parse(isLocal ? `${isDay(text) ? `${text}T00:00:00` : text}Z` : text);
  if (Number.isNaN(time) || !/^\d{4}-\d{2}-\d{2}/.test(text))
    throw new UsageError(`--${name} ${text} is not a time: use 2026-11-26, 2026-11-26T14:00:00+08:00, 30m, 12h or 3d`);
  return isLocal && screen !== null ? time - offsetAt(screen.timeZone, time) : time;
};

/**
 * Parses the filter options.
 *
 * @throws UsageError for an unknown word or an invalid time
 */
export const filterOf = (options: FilterOptions, io: Io): ItemFilter & { readonly outcome?: OutcomeLabel } => {
  const { id, product, merchant, outcome, since, until } = options;
  const names = products.map((definition) => definition.product);
  return {
    ...(id === undefined ? {} : { id }),
    ...(product === undefined ? {} : { product: oneOf('product', product, names) }),
    ...(merchant === undefined ? {} : { merchant }),
    ...(outcome === undefined ? {} : { outcome: oneOf('outcome', outcome, outcomeLabels) }),
    ...(since === undefined ? {} : { since: parseTime('since', since, io) }),
    ...(until === undefined ? {} : { until: parseTime('until', until, io) }),
  };
};
