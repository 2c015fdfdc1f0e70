import type { ActionResult } from '../../operate/operations.ts';
import { type Html, html } from '../html.ts';
import { numberOf, tableOf } from './format.ts';

export type ActionPrompt = {
  /** Path of the page to return to. */
  readonly back: string;
  readonly path: string;
  readonly id: string;
  readonly prompt: string;
  readonly consequence: string;
  readonly verb: string;
};

/** Asks for confirmation before anything is done. */
export const confirmation = ({
  back,
  path,
  id,
  prompt,
  consequence,
  verb,
}: ActionPrompt): Html => html`<section class="confirm">
<h2>${prompt}</h2>
<p>${consequence}</p>
<form method="post" action="${path}"><input type="hidden" name="id" value="${id}">
<button class="strong">${verb}</button> <a class="button" href="${back}">Cancel</a></form>
</section>`;

/** Of many results only these are listed; the audit has all. */
const MAX_SHOWN = 100;

/** The results of an action. */
export const outcomeOf = (results: readonly ActionResult[], back: string): Html => {
  const done = results.filter(({ isDone }) => isDone).length;
  const rows = results
    .slice(0, MAX_SHOWN)
    .map(
      ({ id, isDone, message }) =>
        html`<tr><td>${isDone ? html`<span class="good">✓ done</span>` : html`<span class="bad">✗ failed</span>`}</td><td class="id">${id}</td><td>${message}</td></tr>`,
    );
  const columns = ['Result', 'Id', 'What happened'].map((title) => ({ title }));
  return html`<p class="notice ${done === results.length && done > 0 ? 'good' : 'bad'}" role="status">${
    results.length === 0
      ? 'There was nothing to do.'
      : `${numberOf(done)} done, ${numberOf(results.length - done)} failed.`
  }</p>${rows.length > 0 && tableOf('Results', columns, rows)}<p><a class="button" href="${back}">Back</a></p>`;
};
