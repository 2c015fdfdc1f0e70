import type { SetAsideItem } from '../../operate/set-aside.ts';
import { type Html, html } from '../html.ts';
import { type Column, emptyState, moneyOf, numberOf, tableOf, timeIn, type ZoneOf } from './format.ts';

const columnsOf = (zoneOf: ZoneOf): readonly Column<SetAsideItem>[] => [
  {
    title: 'Select',
    cell: ({ seq, merchantOrderId }) =>
      html`<input type="checkbox" name="seq" value="${seq}" aria-label="Select ${merchantOrderId ?? seq}">`,
  },
  {
    title: 'Order',
    className: 'id',
    cell: ({ merchantOrderId, transactionId }) => merchantOrderId ?? transactionId ?? '–',
  },
  { title: 'Amount', isNumber: true, cell: ({ amount }) => moneyOf(amount) },
  { title: 'Product', cell: ({ product }) => product ?? '–' },
  { title: 'Received', cell: ({ receivedAt, merchant }) => timeIn(receivedAt, zoneOf(merchant)) },
  { title: 'Set aside', cell: ({ setAsideAt, merchant }) => timeIn(setAsideAt, zoneOf(merchant)) },
  { title: 'Reason', cell: ({ reason }) => reason },
  { title: 'Merchant', cell: ({ merchant }) => merchant },
];

export type SetAsideView = {
  /** The oldest ones. */
  readonly items: readonly SetAsideItem[];
  /** Number of all of them. */
  readonly count: number;
};

/** Callbacks that are set aside in the spool of this receiver. @param view null if it has no spool */
export const setAsideView = (view: SetAsideView | null, zoneOf: ZoneOf): Html => {
  if (view === null) return emptyState('This receiver has no spool.');
  const { items, count } = view;
  if (items.length === 0) return emptyState('Nothing is set aside in the spool of this receiver.');
  return html`<p class="notice">Redis refused these callbacks while it accepted others. They were acknowledged, but no worker has them. Fix the cause that the reason names, then retry. Each receiver has its own spool; this page shows that of the receiver that serves it.</p>
<form method="get" action="/console/actions/retry-set-aside"><p class="toolbar">
<button formaction="/console/actions/retry-set-aside">Retry selected …</button><button formaction="/console/actions/retry-set-aside" name="all" value="1">Retry all …</button>
<button formaction="/console/actions/discard-set-aside">Discard selected …</button><button formaction="/console/actions/discard-set-aside" name="all" value="1">Discard all …</button>
<span class="aside">${count > items.length ? `The first ${numberOf(items.length)} of ${numberOf(count)} are shown.` : `${numberOf(count)} in all.`}</span></p>${tableOf('Callbacks that are set aside', columnsOf(zoneOf), items)}</form>`;
};
