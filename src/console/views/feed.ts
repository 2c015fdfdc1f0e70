import { shortType } from '../../core/cloud-event.ts';
import type { JournalEntry } from '../../receive/journal.ts';
import { type Content, type Html, html } from '../html.ts';
import { callbackPath, clockOf, outcomeBadge, tableOf, timeOf } from './format.ts';

const COLUMNS = ['Time (UTC)', 'Outcome', 'What', 'Transaction', 'Order', 'Merchant'].map((title) => ({ title }));

/** The live table is narrow: it has no column for merchants, and clips long ids. */
const LIVE_COLUMNS = COLUMNS.slice(0, -1);

const whatOf = ({ event, address, reason }: JournalEntry): string =>
  (event === null ? null : shortType(event.type)) ?? reason ?? `to ${address ?? '/callbacks'}`;

const flagsOf = ({ event }: JournalEntry): Content =>
  event?.flags.map((flag) => html` <span class="flag">${flag}</span>`) ?? null;

const liveRow = (entry: JournalEntry): Html => {
  const { id, receivedAt, outcome, event, merchant } = entry;
  const idCell = (text: string | null | undefined): Html =>
    html`<td class="id clip" title="${text ?? ''}">${text ?? '–'}</td>`;
  return html`<tr data-id="${id}">
<td><a href="${callbackPath(id)}">${clockOf(receivedAt)}</a></td>
<td>${outcomeBadge(outcome)}</td>
<td class="clip" title="${whatOf(entry)}">${merchant !== 'default' && html`<b>${merchant}</b> `}${whatOf(entry)}${flagsOf(entry)}</td>
${idCell(event?.transactionId)}${idCell(event?.merchantOrderId)}
</tr>`;
};

const row = (entry: JournalEntry): Html => html`<tr>
<td><a href="${callbackPath(entry.id)}">${timeOf(entry.receivedAt)}</a></td>
<td>${outcomeBadge(entry.outcome)}</td>
<td>${whatOf(entry)}${flagsOf(entry)}</td>
<td class="id">${entry.event?.transactionId ?? '–'}</td>
<td class="id">${entry.event?.merchantOrderId ?? '–'}</td>
<td>${entry.merchant}</td>
</tr>`;

/** Rows for new callbacks. */
export const liveRows = (entries: readonly JournalEntry[]): Html => html`${entries.map(liveRow)}`;

/** The latest callbacks, the newest first; the page's script adds rows. */
export const liveTable = (entries: readonly JournalEntry[]): Html =>
  tableOf('Latest callbacks', LIVE_COLUMNS, null, html`<tbody data-live="feed">${liveRows(entries)}</tbody>`);

/** Search results. */
export const callbackTable = (entries: readonly JournalEntry[]): Html =>
  tableOf('Callbacks', COLUMNS, entries.map(row));
