import { type BothSides, compareSides } from '../../operate/compare-sides.ts';
import type { PaymentHistory, PaymentRow } from '../../operate/operations.ts';
import type { TimelineItem } from '../../operate/payment-history.ts';
import type { Condition } from '../../operate/payment-summary.ts';
import type { AskResult } from '../../operate/ports.ts';
import { type Html, html } from '../html.ts';
import { type Column, callbackPath, emptyState, factsOf, moneyOf, paymentPath, tableOf, timeIn } from './format.ts';

const CONDITIONS: Readonly<Record<Condition, readonly [symbol: string, className: string]>> = {
  handled: ['✓', 'good'],
  waiting: ['…', ''],
  retrying: ['↻', 'warn'],
  failed: ['✗', 'bad'],
  unrecognized: ['?', 'warn'],
  unproven: ['✗', 'bad'],
  unknown: ['–', ''],
};

const KINDS = {
  transaction: 'Transaction',
  refund: 'Refund',
  authorization: 'Authorization',
  'identity-check': 'Identity check',
  'payment-verification': 'Payment verification',
  unrecognized: 'Id',
} as const;

const summaryFacts = (history: PaymentHistory): Html => {
  const { key, merchantOrderId, product, amount, summary, timeZone } = history;
  const [symbol, className] = CONDITIONS[summary.condition];
  const claimed = summary.condition === 'unproven' && html` <span class="claimed">(claimed, unproven)</span>`;
  return factsOf([
    ['Order', html`<b class="id">${merchantOrderId ?? '–'}</b>${merchantOrderId !== null && claimed}`],
    ['Amount', html`<b>${moneyOf(amount)}</b>${amount !== null && claimed}`],
    [
      'State',
      html`<b>${summary.status ?? 'nothing proved'}</b> <span class="${className}"><span aria-hidden="true">${symbol}</span> ${summary.condition}</span>`,
    ],
    ['Since', summary.since === null ? '–' : timeIn(summary.since, timeZone)],
    ['Product', product ?? '–'],
    [KINDS[key.kind], html`<code>${key.id}</code>`],
    ['Merchant', key.merchant],
  ]);
};

/** PayCools's answer, beside what was received. */
const askedView = (sides: BothSides | string): Html => {
  if (typeof sides === 'string') return html`<p class="notice" role="status">${sides}</p>`;
  const { theirs, ours, isSame } = sides;
  return html`<p class="notice ${isSame ? 'good' : 'bad'}" role="status">${isSame ? 'Both sides agree.' : 'The two sides differ: reconcile the day of the payment.'} PayCools says <b>${theirs}</b>; received here: <b>${ours}</b>.</p>`;
};

const SYMBOLS: Readonly<Record<TimelineItem['kind'], string>> = {
  callback: '⇣',
  reconciliation: '⇄',
  event: '→',
  attempt: '⚙',
  finding: '⚑',
  action: '☺',
};

const timelineItem = (item: TimelineItem, zone: string): Html => {
  const { at, kind, title, detail, isBad, isProven, entryId } = item;
  const name = entryId === null ? title : html`<a href="${callbackPath(entryId)}">${title}</a>`;
  return html`<li class="${isBad ? 'is-bad' : ''}${isProven ? '' : ' is-unproven'}">${timeIn(at, zone)} <span class="symbol" aria-hidden="true">${SYMBOLS[kind]}</span> <span>${name}${detail !== null && detail !== '' && html`<br><span class="aside">${detail}</span>`}</span></li>`;
};

const actionsOf = ({ key, events }: PaymentHistory): Html => {
  const buttons = events.flatMap(({ id, type, job }) => {
    if (job?.queue === 'unrecognized')
      return [html`<a class="button" href="/console/actions/redrive-unrecognized?id=${id}">Redrive …</a>`];
    if (job?.state === 'failed')
      return [html`<a class="button" href="/console/actions/redrive-failed?id=${id}">Redrive ${type} …</a>`];
    return [html`<a class="button" href="/console/actions/replay?id=${id}">Replay ${type} …</a>`];
  });
  return html`<div class="toolbar"><form method="get" action="/console/payments/${encodeURIComponent(key.id)}"><input type="hidden" name="merchant" value="${key.merchant}"><input type="hidden" name="kind" value="${key.kind}"><input type="hidden" name="ask" value="1"><button>Ask PayCools now</button></form>${buttons}</div>`;
};

/** Everything about one payment: the summary first, its events as JSON, folded, last. */
export const paymentView = (history: PaymentHistory, asked: AskResult | null): Html => {
  const { summary, timeline, events, timeZone } = history;
  const [, className] = CONDITIONS[summary.condition];
  const eventDetails = events.flatMap(({ type, job }) =>
    job === null
      ? []
      : [
          html`<details><summary>${type} as JSON</summary><pre tabindex="0" aria-label="Event ${type}">${JSON.stringify(job.event, null, 2)}</pre></details>`,
        ],
  );
  return html`<div class="columns">
<section aria-labelledby="summary"><h2 id="summary">Summary</h2>${summaryFacts(history)}</section>
<section aria-labelledby="meaning"><h2 id="meaning">What this means</h2><p class="meaning ${className}">${summary.meaning}</p>${
    summary.advice !== null && html`<p><strong>What to do:</strong> ${summary.advice}</p>`
  }${asked !== null && askedView(compareSides(asked, history))}${actionsOf(history)}</section>
</div>
<section aria-labelledby="timeline"><h2 id="timeline">What happened</h2>${
    timeline.length === 0
      ? emptyState('Nothing was received about this payment.')
      : html`<ol class="timeline">${timeline.map((item) => timelineItem(item, timeZone))}</ol>`
  }${eventDetails}</section>`;
};

const COLUMNS: readonly Column<PaymentRow>[] = [
  {
    title: 'Order',
    className: 'id',
    cell: ({ key, merchantOrderId }) => html`<a href="${paymentPath(key.id, key)}">${merchantOrderId ?? key.id}</a>`,
  },
  { title: 'Amount', isNumber: true, cell: ({ amount }) => moneyOf(amount) },
  { title: 'Product', cell: ({ product }) => product ?? '–' },
  { title: 'State', cell: ({ type }) => type ?? html`<span class="bad">✗ unproven</span>` },
  { title: 'Last received', cell: ({ at, timeZone }) => timeIn(at, timeZone) },
  { title: 'Id', className: 'id', cell: ({ key }) => key.id },
  { title: 'Merchant', cell: ({ key }) => key.merchant },
];

/** The payments that match an id or a prefix. */
export const paymentsView = (id: string, rows: readonly PaymentRow[], days: number): Html => {
  const form = html`<form class="filter" method="get" action="/console/payments"><label>Any id or prefix <input type="search" name="id" value="${id}" autocomplete="off" spellcheck="false"></label><button>Search</button></form>`;
  if (id === '')
    return html`${form}${emptyState('Enter the id of an order, a transaction, a refund, an authorization, an event or a request, or a prefix of it, in any case.')}`;
  if (rows.length > 0) return html`${form}${tableOf('Payments', COLUMNS, rows)}`;
  return html`${form}${emptyState(`Nothing with the id ${id} was received in the last ${days} days. Ask PayCools whether the payment exists there, or reconcile its day.`)}`;
};
