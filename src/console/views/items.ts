import type { FindingData } from '../../core/event.ts';
import type { ItemKind, OpenItem } from '../../operate/open-items.ts';
import { type Content, type Html, html } from '../html.ts';
import { itemKinds } from '../item-kinds.ts';
import { type Choices, type Filters, filterForm } from './filters.ts';
import {
  type Column,
  emptyState,
  moneyOf,
  numberOf,
  paymentPath,
  statementOf,
  tableOf,
  timeIn,
  type ZoneOf,
} from './format.ts';

/** The first items of a list that may be long. */
export type FirstItems = { readonly rows: readonly OpenItem[]; readonly hasMore: boolean };

/** Maximum number of rows on a page; the command line lists all. */
export const MAX_ROWS = 200;

const sidesOf = ({ event }: OpenItem): Content => {
  const { recorded, received } = { ...event.data } as Partial<FindingData>; // something else may have added the job
  return html`<span class="aside">recorded ${statementOf(recorded)}; received ${statementOf(received)}</span>`;
};

const columnsOf = (kind: ItemKind, zoneOf: ZoneOf): readonly Column<OpenItem>[] => [
  {
    title: 'Select',
    cell: ({ id, merchantOrderId, subject }) =>
      html`<input type="checkbox" name="id" value="${id}" aria-label="Select ${merchantOrderId ?? subject}">`,
  },
  {
    title: 'Order',
    className: 'id',
    cell: ({ merchantOrderId, transactionId, subject }) =>
      html`<a href="${paymentPath(transactionId ?? subject)}">${merchantOrderId ?? transactionId ?? subject}</a>`,
  },
  { title: 'Amount', isNumber: true, cell: ({ amount }) => moneyOf(amount) },
  { title: 'What', cell: ({ type, eventName }) => eventName ?? type },
  { title: 'Product', cell: ({ product, queue }) => product ?? queue },
  {
    title: kind === 'failed' ? 'Given up' : 'Received',
    cell: ({ receivedAt, failedAt, merchant }) => timeIn(failedAt ?? Date.parse(receivedAt), zoneOf(merchant)),
  },
  ...(kind === 'failed' ? [{ title: 'Attempts', isNumber: true, cell: ({ attempts }: OpenItem) => attempts }] : []),
  {
    title: kind === 'failed' ? 'Last failure' : 'Reason',
    cell: (item) => html`${item.reason ?? '–'}${kind === 'finding' && html`<br>${sidesOf(item)}`}`,
  },
  { title: 'Merchant', cell: ({ merchant }) => merchant },
  {
    title: 'Action',
    cell: ({ id, merchantOrderId, subject }) =>
      itemKinds[kind].actions.map(
        ({ name, verb }) =>
          html`<a class="button small" href="/console/actions/${name}?id=${encodeURIComponent(id)}" aria-label="${verb} ${merchantOrderId ?? subject} …">${verb} …</a> `,
      ),
  },
];

export type ItemsView = {
  readonly kind: ItemKind;
  readonly items: FirstItems;
  readonly filters: Filters;
  readonly choices: Choices;
  readonly zoneOf: ZoneOf;
};

const hiddenFields = (filters: Filters): Content =>
  Object.entries(filters).map(
    ([name, value]) => html`<input type="hidden" name="${name === 'id' ? 'prefix' : name}" value="${value}">`,
  );

/** Items that wait for an operator, with the actions on one, on the selected ones, or on all that match. */
export const itemsView = ({ kind, items, filters, choices, zoneOf }: ItemsView): Html => {
  const { rows, hasMore } = items;
  const isFiltered = Object.keys(filters).length > 0;
  if (rows.length === 0)
    return html`${filterForm(filters, choices)}${emptyState(isFiltered ? 'Nothing matches these filters.' : itemKinds[kind].empty)}`;
  const count = hasMore ? `The first ${numberOf(rows.length)} are shown.` : `${numberOf(rows.length)} in all.`;
  const buttons = itemKinds[kind].actions.map(
    ({ name, verb }) => html`<button formaction="/console/actions/${name}">${verb} selected …</button>`,
  );
  const buttonsForAll = itemKinds[kind].actions.map(
    ({ name, verb }) =>
      html`<button formaction="/console/actions/${name}" name="all" value="1">${verb} all${isFiltered && ' that match'} …</button>`,
  );
  return html`${filterForm(filters, choices)}<form method="get" action="/console/actions/${itemKinds[kind].actions[0]?.name ?? ''}">${hiddenFields(filters)}
<p class="toolbar">${buttons}${buttonsForAll}<span class="aside">${count}</span></p>${tableOf(itemKinds[kind].title, columnsOf(kind, zoneOf), rows)}</form>`;
};
