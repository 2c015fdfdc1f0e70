import { shortType } from '../../core/cloud-event.ts';
import type { JobSummary, UnrecognizedCallback } from '../../operate/operations.ts';
import type { AuditEntry } from '../../operate/ports.ts';
import { type Content, type Html, html } from '../html.ts';
import { callbackPath, emptyState, numberOf, tableOf, timeOf } from './format.ts';

/** Rows that a page shows; the command line shows all. */
export const MAX_ROWS = 200;

const actionPath = (action: string, id: string): string => `/console/actions/${action}?id=${encodeURIComponent(id)}`;

const eventLink = (id: string): Html => html`<a class="id" href="${callbackPath(id)}">${id}</a>`;

/** The first rows of a list that may be long. */
export type FirstRows<Row> = { readonly rows: readonly Row[]; readonly hasMore: boolean };

const listOf = (action: string, { rows, hasMore }: FirstRows<unknown>, table: Content): Html =>
  html`<p class="toolbar"><a class="button" href="${actionPath(action, 'all')}">Redrive all …</a> <span class="aside">${
    hasMore ? `The first ${numberOf(rows.length)} are shown.` : `${numberOf(rows.length)} in all.`
  }</span></p>${table}`;

/** Jobs whose attempts are used up. */
export const failedTable = (jobs: FirstRows<JobSummary>): Html => {
  if (jobs.rows.length === 0) return emptyState('No failed jobs: workers have given up on nothing.');
  const columns = ['Event', 'Queue', 'Type', 'Subject', 'Attempts', 'Last failure', 'Action'].map((title) => ({
    title,
  }));
  const rows = jobs.rows.map(
    ({ eventId, queue, type, subject, attempts, failedReason }) => html`<tr>
<td>${eventLink(eventId)}</td><td>${queue}</td><td>${shortType(type)}</td><td class="id">${subject}</td>
<td class="number">${attempts}</td><td>${failedReason ?? '–'}</td>
<td><a class="button small" href="${actionPath('redrive-failed', eventId)}" aria-label="Redrive ${eventId} …">Redrive …</a></td>
</tr>`,
  );
  return listOf('redrive-failed', jobs, tableOf('Failed jobs', columns, rows));
};

/** Genuine callbacks that were not understood. */
export const unrecognizedTable = (callbacks: FirstRows<UnrecognizedCallback>): Html => {
  if (callbacks.rows.length === 0) return emptyState('No unrecognized callbacks: every genuine one was understood.');
  const columns = ['Received (UTC)', 'Event', 'Product', 'Event name', 'Reason', 'Action'].map((title) => ({ title }));
  const rows = callbacks.rows.map(
    ({ eventId, receivedAt, product, eventName, reason }) => html`<tr>
<td>${timeOf(Date.parse(receivedAt))}</td><td>${eventLink(eventId)}</td><td>${product ?? '–'}</td><td>${eventName ?? '–'}</td>
<td>${reason}</td>
<td><a class="button small" href="${actionPath('redrive-unrecognized', eventId)}" aria-label="Redrive ${eventId} …">Redrive …</a></td>
</tr>`,
  );
  return listOf('redrive-unrecognized', callbacks, tableOf('Unrecognized callbacks', columns, rows));
};

/** The latest actions of operators. */
export const auditTable = (entries: readonly AuditEntry[]): Html => {
  if (entries.length === 0) return emptyState('No actions yet.');
  const columns = ['Time (UTC)', 'Who', 'What', 'On', 'Done', 'Message'].map((title) => ({ title }));
  const rows = entries.map(
    ({ at, actor, action, id, isDone, message }) => html`<tr>
<td>${timeOf(at)}</td><td>${actor}</td><td>${action}</td><td class="id">${id}</td>
<td>${isDone ? html`<span class="good">✓ yes</span>` : html`<span class="bad">✗ no</span>`}</td><td>${message}</td>
</tr>`,
  );
  return tableOf('Audit', columns, rows);
};
