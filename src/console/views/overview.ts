import type { ProductTotal, ProductTotals } from '../../operate/ports.ts';
import type { JournalEntry } from '../../receive/journal.ts';
import type { HourCounts } from '../../receive/outcome-counts.ts';
import { type Html, html } from '../html.ts';
import { hourChart } from './chart.ts';
import { liveTable } from './feed.ts';
import { type Column, emptyState, moneyOf, numberOf, redisUnavailable, tableOf, type ZoneOf } from './format.ts';
import { type QueuesView, queuesTable } from './queues.ts';

export type Overview = {
  /** Null while Redis does not answer. */
  readonly entries: readonly JournalEntry[] | null;
  readonly totals: ProductTotals | null;
  readonly hour: HourCounts;
  readonly queues: QueuesView;
  readonly zoneOf: ZoneOf;
};

/** Share of successes among the payments that succeeded or failed: `97.5 %`. */
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
  { title: 'Amount succeeded', isNumber: true, cell: ({ sums }) => sums.map((sum) => html`${moneyOf(sum)}<br>`) },
];

const section = (title: string, totals: readonly ProductTotal[], hours: number, isOpen: boolean): Html =>
  html`<details${isOpen && html` open`}><summary>${title}</summary>${
    totals.length === 0
      ? emptyState('Nothing was received in this period.')
      : tableOf(`Payments by product, ${title.toLowerCase()}`, columnsOf(hours), totals)
  }</details>`;

/** Counts, rates, amounts and the share of successes of each product. */
const totalsTables = ({ hour, day, week, hoursOfHour }: ProductTotals): Html =>
  html`${section('Since the last full hour', hour, hoursOfHour, false)}${section('Last 24 hours', day, 24, true)}${section('Last 7 days', week, 168, false)}`;

/** Current activity, totals by product, and queues. */
export const overview = ({
  entries,
  totals,
  hour,
  queues,
  zoneOf,
}: Overview): Html => html`<div class="columns wide-left">
<div>
<section aria-labelledby="hour"><h2 id="hour">The last hour</h2><div data-live="chart">${hourChart(hour, zoneOf(''))}</div></section>
<section aria-labelledby="totals"><h2 id="totals">Payments by product</h2>${totals === null ? redisUnavailable() : totalsTables(totals)}</section>
<section aria-labelledby="now"><div class="heading"><h2 id="now">Latest callbacks</h2>
<span id="pulse" class="pulse" hidden></span><button type="button" id="pause" class="quiet" aria-pressed="false" hidden>Pause</button></div>
${entries === null && html`<div id="unknown">${redisUnavailable()}</div>`}${liveTable(entries ?? [], zoneOf)}</section>
</div>
<section aria-labelledby="queues"><h2 id="queues">Queues</h2><div data-live="queues">${queuesTable(queues)}</div></section>
</div>`;
