import type { JournalPage, JournalQuery } from '../../receive/journal.ts';
import { outcomeLabels } from '../../receive/outcome.ts';
import { type Html, html } from '../html.ts';
import { callbackTable } from './feed.ts';
import { emptyState, outcomeLegend, redisUnavailable } from './format.ts';

export type CallbacksView = {
  readonly query: JournalQuery;
  /** Null while Redis does not answer. */
  readonly page: JournalPage | null;
  readonly merchants: readonly string[];
};

const option = (value: string, chosen: string | undefined, label: string = value): Html =>
  html`<option value="${value}"${value === (chosen ?? '') && html` selected`}>${label}</option>`;

const filterForm = ({ query, merchants }: CallbacksView): Html => html`<form class="filter" method="get">
<label>Id <input type="search" name="id" value="${query.id ?? ''}" autocomplete="off" spellcheck="false"></label>
<label>Outcome <select name="outcome">${option('', query.outcome, 'any')}${outcomeLabels.map((label) =>
  option(label, query.outcome, `${outcomeLegend[label].sign} ${label}`),
)}</select></label>
<label>Merchant <select name="merchant">${option('', query.merchant, 'any')}${merchants.map((name) => option(name, query.merchant))}</select></label>
<button>Show</button>
</form>`;

const linkTo = ({ id, outcome, merchant }: JournalQuery, cursor: string | null): string => {
  const named = Object.entries({ id, outcome, merchant, cursor }).filter(([, value]) => value != null && value !== '');
  const query = new URLSearchParams(named as [string, string][]).toString();
  return query === '' ? '/console/callbacks' : `/console/callbacks?${query}`;
};

const pages = (query: JournalQuery, next: string | null): Html => html`<nav class="pages" aria-label="More callbacks">
${query.cursor != null && html`<a href="${linkTo(query, null)}">⇤ Newest</a>`}
${next !== null && html`<a rel="next" href="${linkTo(query, next)}">Older ⇢</a>`}
</nav>`;

/** Callbacks by id, outcome and merchant, page by page. */
export const callbacksView = (view: CallbacksView): Html => {
  const { query, page } = view;
  if (page === null) return html`${filterForm(view)}${redisUnavailable()}`;
  const found =
    page.entries.length === 0
      ? emptyState('No matching callbacks in the journal. Ids must be given in full.')
      : callbackTable(page.entries);
  return html`${filterForm(view)}${found}${pages(query, page.next)}`;
};
