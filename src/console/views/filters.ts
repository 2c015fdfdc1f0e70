import { type Content, type Html, html } from '../html.ts';

/** The filters of a list, as in its query string. */
export type Filters = {
  readonly id?: string;
  readonly product?: string;
  readonly outcome?: string;
  readonly merchant?: string;
  /** Days, `yyyy-MM-dd`, in the merchant's zone; both included. */
  readonly from?: string;
  readonly to?: string;
};

/** The options of the form. */
export type Choices = {
  readonly products: readonly string[];
  readonly merchants: readonly string[];
  /** Null if the list has no outcomes. */
  readonly outcomes: readonly { readonly value: string; readonly label: string }[] | null;
};

const option = (value: string, chosen: string | undefined, label: string = value): Html =>
  html`<option value="${value}"${value === (chosen ?? '') && html` selected`}>${label}</option>`;

const select = (name: string, title: string, options: Content): Html =>
  html`<label>${title} <select name="${name}">${options}</select></label>`;

/** The path of a list with these filters. */
export const filteredPath = (path: string, filters: Readonly<Record<string, string>>): string =>
  Object.keys(filters).length === 0 ? path : `${path}?${new URLSearchParams(filters)}`;

/** The form that filters a list. Works without script. */
export const filterForm = (
  filters: Filters,
  { products, merchants, outcomes }: Choices,
): Html => html`<form class="filter" method="get">
<label>Id or prefix <input type="search" name="id" value="${filters.id ?? ''}" autocomplete="off" spellcheck="false"></label>
${select('product', 'Product', [option('', filters.product, 'any'), ...products.map((it) => option(it, filters.product))])}
${outcomes !== null && select('outcome', 'Outcome', [option('', filters.outcome, 'any'), ...outcomes.map(({ value, label }) => option(value, filters.outcome, label))])}
${select('merchant', 'Merchant', [option('', filters.merchant, 'any'), ...merchants.map((it) => option(it, filters.merchant))])}
<label>From <input type="date" name="from" value="${filters.from ?? ''}"></label>
<label>To <input type="date" name="to" value="${filters.to ?? ''}"></label>
<button>Show</button>
</form>`;
