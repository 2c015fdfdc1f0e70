import type { OutcomeLabel } from '../../receive/outcome.ts';
import { type Content, type Html, html } from '../html.ts';

/** A sign for each outcome, so that it is not shown by colour alone; and what it means. */
export const outcomeLegend: Readonly<Record<OutcomeLabel, { readonly sign: string; readonly meaning: string }>> = {
  accepted: { sign: '✓', meaning: 'genuine and stored' },
  duplicate: { sign: '↻', meaning: 'stored before' },
  spooled: { sign: '⇣', meaning: 'in the spool, because Redis could not store it' },
  conflicting: { sign: '≠', meaning: 'the same fact with other content' },
  unrecognized: { sign: '?', meaning: 'genuine, but not understood' },
  malformed: { sign: '✎', meaning: 'not one well-formed JSON object' },
  forged: { sign: '✗', meaning: 'the signature does not match' },
  refused: { sign: '⊘', meaning: 'from an address, to a path or of a size that is not accepted' },
  unavailable: { sign: '!', meaning: 'could not be stored or answered' },
};

export const outcomeBadge = (outcome: OutcomeLabel): Html =>
  html`<span class="badge o-${outcome}" title="${outcomeLegend[outcome].meaning}"><span aria-hidden="true">${outcomeLegend[outcome].sign}</span> ${outcome}</span>`;

const iso = (at: number): string => new Date(at).toISOString();

/** A time in UTC, without milliseconds; the attribute has them. */
export const timeOf = (at: number): Html =>
  html`<time datetime="${iso(at)}" title="${iso(at)}">${iso(at).slice(0, 19).replace('T', ' ')}</time>`;

/** The time of day only, for what has just arrived. */
export const clockOf = (at: number): Html =>
  html`<time datetime="${iso(at)}" title="${iso(at)}">${iso(at).slice(11, 19)}</time>`;

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** A length of time in its two largest units: `2 h 5 min`. */
export const ageOf = (milliseconds: number): string => {
  let seconds = Math.max(0, Math.round(milliseconds / 1000));
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const words = UNITS.slice(first, first + 2).flatMap(([unit, size]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return words.length === 0 ? '0 s' : words.join(' ');
};

export const numberOf = (value: number): string => value.toLocaleString('en-US').replaceAll(',', '\u202f');

/** Where the callback with this entry id, or the latest with another id, is shown. */
export const callbackPath = (id: string): string => `/console/callbacks/${encodeURIComponent(id)}`;

/** Shown where there is nothing to list: what that means, or what to do. */
export const emptyState = (sentence: string): Html => html`<p class="nothing">${sentence}</p>`;

/** Shown where Redis was asked and did not answer. */
export const redisUnavailable = (): Html =>
  html`<p class="notice bad" role="alert"><strong>Redis does not answer.</strong> This part is shown again when it is back.</p>`;

export type Column = { readonly title: string; readonly isNumber?: boolean };

/** A table that scrolls by itself where the screen is narrow, and can be scrolled by keyboard. */
export const tableOf = (label: string, columns: readonly Column[], rows: Content, body: Content = null): Html =>
  html`<div class="scroll" role="region" aria-label="Table: ${label}" tabindex="0"><table><thead><tr>${columns.map(
    ({ title, isNumber }) => html`<th scope="col"${isNumber === true && html` class="number"`}>${title}</th>`,
  )}</tr></thead>${body ?? html`<tbody>${rows}</tbody>`}</table></div>`;
