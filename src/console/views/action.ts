import type { ActionResult } from '../../operate/operations.ts';
import { type Html, html } from '../html.ts';
import { numberOf, tableOf } from './format.ts';

export type ActionWords = {
  /** Path of the page that it was asked for on. */
  readonly back: string;
  readonly path: string;
  readonly id: string;
  readonly question: string;
  readonly consequence: string;
  readonly verb: string;
};

/** Asks before anything is done. */
export const confirmation = ({
  back,
  path,
  id,
  question,
  consequence,
  verb,
}: ActionWords): Html => html`<section class="confirm">
<h2>${question}</h2>
<p>${consequence}</p>
<form method="post" action="${path}"><input type="hidden" name="id" value="${id}">
<button class="strong">${verb}</button> <a class="button" href="${back}">Cancel</a></form>
</section>`;

/** What came of a great many is counted; the audit has each. */
const MAX_SHOWN = 100;

/** What became of it. */
export const outcomeOf = (results: readonly ActionResult[], back: string): Html => {
  const done = results.filter(({ isDone }) => isDone).length;
  const rows = results
    .slice(0, MAX_SHOWN)
    .map(
      ({ id, isDone, message }) =>
        html`<tr><td>${isDone ? html`<span class="good">✓ done</span>` : html`<span class="bad">✗ not done</span>`}</td><td class="id">${id}</td><td>${message}</td></tr>`,
    );
  const columns = ['Result', 'Id', 'What happened'].map((title) => ({ title }));
  return html`<p class="notice ${done === results.length && done > 0 ? 'good' : 'bad'}" role="status">${
    results.length === 0
      ? 'There was nothing to do.'
      : `${numberOf(done)} done, ${numberOf(results.length - done)} not.`
  }</p>${rows.length > 0 && tableOf('Results', columns, rows)}<p><a class="button" href="${back}">Back</a></p>`;
};
