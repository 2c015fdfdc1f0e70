import type { ProductTotal, ProductTotals } from '../../operate/ports.ts';
import { type Html, html } from '../html.ts';
import { type Column, emptyState, moneyOf, numberOf, tableOf } from './format.ts';

/** `97.5 %`; of what ended only, because what is pending is neither. */
const shareOf = ({ succeeded, failed }: ProductTotal): string =>
  succeeded + failed === 0 ? '–' : `${((100 * succeeded) / (succeeded + failed)).toFixed(1)} %`;

const columnsOf = (hours: number): readonly Column<ProductTotal>[] => [
  { title: 'Product', cell: ({ product }) => product },
  { title: 'Succeeded', isNumber: true, cell: ({ succeeded }) => numberOf(succeeded) },
  { title: 'Failed', isNumber: true, cell: ({ failed }) => numberOf(failed) },
  { title: 'Other', isNumber: true, cell: ({ other }) => numberOf(other) },
  { title: 'Success', isNumber: true, cell: shareOf },
  {
    title: 'Per hour',
    isNumber: true,
    cell: ({ succeeded, failed, other }) => ((succeeded + failed + other) / hours).toFixed(1),
  },
  { title: 'Sum succeeded', isNumber: true, cell: ({ sums }) => sums.map((sum) => html`${moneyOf(sum)}<br>`) },
];

const section = (title: string, totals: readonly ProductTotal[], hours: number, isOpen: boolean): Html =>
  html`<details${isOpen && html` open`}><summary>${title}</summary>${
    totals.length === 0
      ? emptyState('Nothing was received in this time.')
      : tableOf(`Payments by product, ${title.toLowerCase()}`, columnsOf(hours), totals)
  }</details>`;

/** Counts, rates, sums and the share of successes of each product. */
export const totalsTables = ({ hour, day, week, hoursOfHour }: ProductTotals): Html =>
  html`${section('Since the last full hour', hour, hoursOfHour, false)}${section('Last 24 hours', day, 24, true)}${section('Last 7 days', week, 168, false)}`;
