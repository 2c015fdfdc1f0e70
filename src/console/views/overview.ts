import type { JournalEntry } from '../../receive/journal.ts';
import type { HourCounts } from '../../receive/outcome-counts.ts';
import { type Html, html } from '../html.ts';
import { hourChart } from './chart.ts';
import { liveTable } from './feed.ts';
import { redisUnavailable } from './format.ts';
import { type QueuesView, queuesTable } from './queues.ts';

export type Overview = {
  /** Null while Redis does not answer. */
  readonly entries: readonly JournalEntry[] | null;
  readonly hour: HourCounts;
  readonly queues: QueuesView;
};

/** What happens now. */
export const overview = ({ entries, hour, queues }: Overview): Html => html`<div class="columns wide-left">
<div>
<section aria-labelledby="hour"><h2 id="hour">The last hour</h2><div data-live="chart">${hourChart(hour)}</div></section>
<section aria-labelledby="now"><div class="heading"><h2 id="now">Latest callbacks</h2>
<span id="pulse" class="pulse" hidden></span><button type="button" id="pause" class="quiet" aria-pressed="false" hidden>Pause</button></div>
${entries === null && html`<div id="unknown">${redisUnavailable()}</div>`}${liveTable(entries ?? [])}</section>
</div>
<section aria-labelledby="queues"><h2 id="queues">Queues</h2><div data-live="queues">${queuesTable(queues)}</div></section>
</div>`;
