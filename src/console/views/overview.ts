import type { ProductTotals } from '../../operate/ports.ts';
import type { JournalEntry } from '../../receive/journal.ts';
import type { HourCounts } from '../../receive/outcome-counts.ts';
import { type Html, html } from '../html.ts';
import { hourChart } from './chart.ts';
import { liveTable } from './feed.ts';
import { redisUnavailable, type ZoneOf } from './format.ts';
import { type QueuesView, queuesTable } from './queues.ts';
import { totalsTables } from './totals.ts';

export type Overview = {
  /** Null while Redis does not answer. */
  readonly entries: readonly JournalEntry[] | null;
  readonly totals: ProductTotals | null;
  readonly hour: HourCounts;
  readonly queues: QueuesView;
  readonly zoneOf: ZoneOf;
  /** Zone of the page. */
  readonly zone: string;
};

/** What happens now, and what it added up to. */
export const overview = ({
  entries,
  totals,
  hour,
  queues,
  zoneOf,
  zone,
}: Overview): Html => html`<div class="columns wide-left">
<div>
<section aria-labelledby="hour"><h2 id="hour">The last hour</h2><div data-live="chart">${hourChart(hour, zone)}</div></section>
<section aria-labelledby="totals"><h2 id="totals">Payments by product</h2>${totals === null ? redisUnavailable() : totalsTables(totals)}</section>
<section aria-labelledby="now"><div class="heading"><h2 id="now">Latest callbacks</h2>
<span id="pulse" class="pulse" hidden></span><button type="button" id="pause" class="quiet" aria-pressed="false" hidden>Pause</button></div>
${entries === null && html`<div id="unknown">${redisUnavailable()}</div>`}${liveTable(entries ?? [], zoneOf)}</section>
</div>
<section aria-labelledby="queues"><h2 id="queues">Queues</h2><div data-live="queues">${queuesTable(queues)}</div></section>
</div>`;
