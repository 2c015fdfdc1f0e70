import type { JournalPage } from '../../receive/journal.ts';
import { type Html, html } from '../html.ts';
import { callbackTable } from './feed.ts';
import { type Choices, type Filters, filteredPath, filterForm } from './filters.ts';
import { emptyState, redisUnavailable, timeIn, type ZoneOf } from './format.ts';

export type CallbacksView = {
  readonly filters: Filters;
  readonly choices: Choices;
  readonly cursor: string | null;
  /** Null while Redis does not answer. */
  readonly page: JournalPage | null;
  /** When the oldest entry was received, in milliseconds since 1970; null if the journal is empty. */
  readonly oldest: number | null;
  readonly zoneOf: ZoneOf;
};

const PATH = '/console/callbacks';

const pageLinks = (
  { filters, cursor }: CallbacksView,
  next: string | null,
): Html => html`<nav class="pages" aria-label="More callbacks">
${cursor !== null && html`<a href="${filteredPath(PATH, filters)}">⇤ Newest</a>`}
${next !== null && html`<a rel="next" href="${filteredPath(PATH, { ...filters, cursor: next })}">Older ⇢</a>`}
<a href="${filteredPath('/console/callbacks.csv', filters)}" download>Download as CSV</a>
</nav>`;

/** Explains an empty result by how far back the journal reaches. */
const nothingFound = ({ oldest, zoneOf, filters }: CallbacksView): Html =>
  oldest === null
    ? emptyState('No callbacks yet: the journal is empty.')
    : html`<p class="nothing">No matching callbacks. The journal reaches back to ${timeIn(oldest, zoneOf(filters.merchant ?? ''))}; ${
        filters.id === undefined
          ? 'payments can be found by id for longer, with the search above.'
          : html`<a href="${filteredPath('/console/payments', { id: filters.id })}">search for the payment itself</a>, which is kept for longer.`
      }</p>`;

/** Callbacks by id, product, outcome, merchant and date, page by page. */
export const callbacksView = (view: CallbacksView): Html => {
  const { filters, choices, page, zoneOf } = view;
  if (page === null) return html`${filterForm(filters, choices)}${redisUnavailable()}`;
  const result = page.entries.length === 0 ? nothingFound(view) : callbackTable(page.entries, zoneOf);
  return html`${filterForm(filters, choices)}${result}${pageLinks(view, page.next)}`;
};
