import type { AuditEntry } from '../../operate/ports.ts';
import { type Content, type Html, html } from '../html.ts';
import { type Column, emptyState, moneyOf, numberOf, tableOf, timeIn } from './format.ts';

/** Maximum number of items that a confirmation lists. */
export const MAX_TARGETS = 20;

/** An item that an action is about to change. */
type Target = {
  readonly id: string;
  readonly order: string | null;
  readonly amount: { readonly minor: number; readonly currency: string } | null;
  /** For example `given up after 8 attempts: no such order`. */
  readonly state: string;
};

export type ActionPrompt = {
  /** Path of the page to return to. */
  readonly back: string;
  readonly path: string;
  /** Hidden fields of the form. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly prompt: string;
  readonly consequence: Content;
  readonly verb: string;
  readonly targets: readonly Target[];
  /** Total number of items; `targets` may hold only the first of them. */
  readonly count: number;
};

const TARGET_COLUMNS: readonly Column<Target>[] = [
  { title: 'Order', className: 'id', cell: ({ order, id }) => order ?? id },
  { title: 'Amount', isNumber: true, cell: ({ amount }) => moneyOf(amount) },
  { title: 'State', cell: ({ state }) => state },
];

/** Asks for confirmation: shows the order, amount and state of each item, and what will happen. */
export const confirmation = ({ back, path, fields, prompt, consequence, verb, targets, count }: ActionPrompt): Html => {
  if (count === 0)
    return html`${emptyState('Nothing is selected, or it no longer exists.')}<p><a class="button" href="${back}">Back</a></p>`;
  return html`<section class="confirm">
<h2>${prompt}</h2>
${tableOf('Affected items', TARGET_COLUMNS, targets)}${count > targets.length && html`<p class="aside">… and ${numberOf(count - targets.length)} more.</p>`}
<p class="notice">${consequence}</p>
<form method="post" action="${path}">${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label for="note">Note for the audit</label><input id="note" name="note" maxlength="500" autocomplete="off">
<button class="strong">${verb}</button> <a class="button" href="${back}">Cancel</a></form>
</section>`;
};

const doneOf = ({ isDone }: AuditEntry): Html =>
  isDone ? html`<span class="good">✓ done</span>` : html`<span class="bad">✗ failed</span>`;

const RESULT_COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'Result', cell: doneOf },
  { title: 'Id', className: 'id', cell: ({ id }) => id },
  { title: 'What happened', cell: ({ message }) => message },
];

export const resultsView = (entries: readonly AuditEntry[], back: string): Html => {
  const done = entries.filter(({ isDone }) => isDone).length;
  return html`<p class="notice ${done === entries.length && done > 0 ? 'good' : 'bad'}" role="status">${
    entries.length === 0
      ? 'There was nothing to do.'
      : `${numberOf(done)} done, ${numberOf(entries.length - done)} failed.`
  }</p>${entries.length > 0 && tableOf('Results', RESULT_COLUMNS, entries)}<p><a class="button" href="${back}">Back</a></p>`;
};

/** The latest actions of operators. */
export const auditTable = (entries: readonly AuditEntry[], zone: string): Html => {
  if (entries.length === 0) return emptyState('No actions yet.');
  const columns: readonly Column<AuditEntry>[] = [
    { title: 'Time', cell: ({ at }) => timeIn(at, zone) },
    { title: 'Who', cell: ({ actor }) => actor },
    { title: 'What', cell: ({ action }) => action },
    {
      title: 'On',
      className: 'id',
      cell: ({ id, about }) => html`${id}${about !== undefined && about !== id && html`<br>${about}`}`,
    },
    { title: 'Done', cell: doneOf },
    {
      title: 'Message',
      cell: ({ message, note }) => html`${message}${note !== undefined && html`<br><q>${note}</q>`}`,
    },
  ];
  return tableOf('Audit', columns, entries);
};
