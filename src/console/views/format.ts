import { centavosToDecimal } from '../../core/money.ts';
import { wallClock } from '../../core/time.ts';
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

/** Zone of a merchant. */
export type ZoneOf = (merchant: string) => string;

/** A time on the wall clock of a zone, with its offset; the attribute has it in UTC. */
export const timeIn = (at: number, zone: string): Html => {
  const { text, offset } = wallClock(zone, at);
  return html`<time datetime="${iso(at)}" title="${iso(at)}">${text} <span class="offset">${offset}</span></time>`;
};

/** The time of day only, for what has just arrived. */
export const clockIn = (at: number, zone: string): Html => {
  const { text, offset } = wallClock(zone, at);
  return html`<time datetime="${iso(at)}" title="${text} ${offset}">${text.slice('yyyy-MM-dd '.length)}</time>`;
};

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

/** `PHP 3,125.00`; a hyphen where there is none. */
export const moneyOf = (amount: { readonly minor: number; readonly currency: string } | null): string => {
  if (amount === null) return '–';
  const [pesos = '', centavos = ''] = centavosToDecimal(amount.minor).split('.');
  return `${amount.currency} ${Number(pesos).toLocaleString('en-US')}.${centavos}`;
};

/** Where everything about the payment with this id is shown. */
export const paymentPath = (id: string, key?: { readonly merchant: string; readonly kind: string }): string =>
  `/console/payments/${encodeURIComponent(id)}${key === undefined ? '' : `?${new URLSearchParams({ merchant: key.merchant, kind: key.kind })}`}`;

/** An id that leads to its payment. */
export const idLink = (id: string | null): Content =>
  id === null ? '–' : html`<a class="id" href="${paymentPath(id)}">${id}</a>`;

/** Where the callback with this entry id, or the latest with another id, is shown. */
export const callbackPath = (id: string): string => `/console/callbacks/${encodeURIComponent(id)}`;

/** Names with their values, one below the other. */
export const factsOf = (facts: readonly (readonly [name: string, value: Content])[]): Html =>
  html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/** Shown where there is nothing to list: what that means, or what to do. */
export const emptyState = (sentence: string): Html => html`<p class="nothing">${sentence}</p>`;

/** Shown where Redis was asked and did not answer. */
export const redisUnavailable = (): Html =>
  html`<p class="notice bad" role="alert"><strong>Redis does not answer.</strong> This part is shown again once it does.</p>`;

export type Column<Row> = {
  readonly title: string;
  readonly cell: (row: Row) => Content;
  readonly isNumber?: boolean;
  readonly className?: string;
};

const classOf = ({ isNumber, className }: Column<never>): Html | false => {
  const names = [isNumber === true ? 'number' : '', className ?? ''].filter(Boolean).join(' ');
  return names !== '' && html` class="${names}"`;
};

type TableOf = <Row>(label: string, columns: readonly Column<Row>[], rows: readonly Row[]) => Html;

const tableWith =
  (className: string): TableOf =>
  (label, columns, rows) =>
    html`<div class="scroll" role="region" aria-label="Table: ${label}" tabindex="0"><table class="${className}"><thead><tr>${columns.map(
      (column) => html`<th scope="col"${classOf(column)}>${column.title}</th>`,
    )}</tr></thead><tbody>${rows.map(
      (row) =>
        html`<tr>${columns.map((column) => html`<td data-label="${column.title}"${classOf(column)}>${column.cell(row)}</td>`)}</tr>`,
    )}</tbody></table></div>`;

/** A table that scrolls by itself and can be scrolled by keyboard; on a phone each row is a card. */
export const tableOf: TableOf = tableWith('cards');

/** A table of few figures: on a phone it stays one, without its columns of the class `minor`. */
export const figuresOf: TableOf = tableWith('figures');
