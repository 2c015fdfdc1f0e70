import { shortType } from '../../core/cloud-event.ts';
import { describeEntry, productOf } from '../../operate/claims.ts';
import { repeatsOf } from '../../operate/repeats.ts';
import type { JournalEntry } from '../../receive/journal.ts';
import { type Content, type Html, html } from '../html.ts';
import {
  type Column,
  callbackPath,
  clockIn,
  idLink,
  moneyOf,
  outcomeBadge,
  tableOf,
  timeIn,
  type ZoneOf,
} from './format.ts';

const summaryOf = ({ event, address, reason }: JournalEntry): string =>
  (event === null ? null : shortType(event.type)) ?? reason ?? `to ${address ?? '/callbacks'}`;

const flagsOf = ({ event }: JournalEntry): Content =>
  event?.flags.map((flag) => html` <span class="flag">${flag}</span>`) ?? null;

const badgeOf = ({ outcome, origin }: JournalEntry): Html =>
  origin === 'reconciliation'
    ? html`<span class="badge o-spooled" title="found by a reconciliation"><span aria-hidden="true">⇄</span> reconciled</span>`
    : outcomeBadge(outcome);

/** The ids and the amount of an entry, marked as claimed if nothing proves them. */
const cellsOf = (entry: JournalEntry) => {
  const { merchantOrderId: order, transactionId, claims, amount } = describeEntry(entry);
  const transaction = transactionId ?? claims.requestId;
  const marked = (content: Content): Content =>
    entry.event === null ? html`<span class="claimed" title="claimed, but not proved">${content}</span>` : content;
  return {
    name: order ?? transaction,
    link: marked(idLink(order ?? transaction)),
    amount: marked(moneyOf(amount)),
    order: marked(idLink(order)),
    transaction: marked(idLink(transaction)),
  };
};

const liveRow = (entry: JournalEntry, zoneOf: ZoneOf): Html => {
  const { id, receivedAt, merchant } = entry;
  const { name, link, amount } = cellsOf(entry);
  return html`<tr data-id="${id}">
<td><a href="${callbackPath(id)}">${clockIn(receivedAt, zoneOf(merchant))}</a></td>
<td>${badgeOf(entry)}</td>
<td class="clip" title="${summaryOf(entry)}">${merchant !== 'default' && html`<b>${merchant}</b> `}${summaryOf(entry)}${flagsOf(entry)}</td>
<td class="number">${amount}</td>
<td class="id clip" title="${name ?? ''}">${link}</td>
</tr>`;
};

/** Rows of the feed. */
export const liveRows = (entries: readonly JournalEntry[], zoneOf: ZoneOf): Html =>
  html`${entries.map((entry) => liveRow(entry, zoneOf))}`;

const LIVE_TITLES = ['Time', 'Outcome', 'What', 'Amount', 'Order'];

/** The latest callbacks, newest first; the page's script adds rows. */
export const liveTable = (entries: readonly JournalEntry[], zoneOf: ZoneOf): Html =>
  html`<div class="scroll" role="region" aria-label="Table: Latest callbacks" tabindex="0"><table class="feed"><thead><tr>${LIVE_TITLES.map(
    (title) => html`<th scope="col"${title === 'Amount' && html` class="number"`}>${title}</th>`,
  )}</tr></thead><tbody data-live="feed">${liveRows(entries, zoneOf)}</tbody></table></div>`;

const columnsOf = (zoneOf: ZoneOf): readonly Column<JournalEntry>[] => [
  {
    title: 'Received',
    cell: ({ id, receivedAt, merchant }) =>
      html`<a href="${callbackPath(id)}">${timeIn(receivedAt, zoneOf(merchant))}</a>`,
  },
  { title: 'Outcome', cell: badgeOf },
  { title: 'What', cell: (entry) => html`${summaryOf(entry)}${flagsOf(entry)}` },
  { title: 'Product', cell: (entry) => productOf(entry) ?? '–' },
  { title: 'Amount', isNumber: true, cell: (entry) => cellsOf(entry).amount },
  { title: 'Order', className: 'id', cell: (entry) => cellsOf(entry).order },
  { title: 'Transaction', className: 'id', cell: (entry) => cellsOf(entry).transaction },
  { title: 'Repeats', isNumber: true, cell: (entry) => repeatsOf(entry).repeats },
  { title: 'Merchant', cell: ({ merchant }) => merchant },
];

/** Callbacks with all columns. */
export const callbackTable = (entries: readonly JournalEntry[], zoneOf: ZoneOf): Html =>
  tableOf('Callbacks', columnsOf(zoneOf), entries);
