import type { Statement } from '../../core/event.ts';
import { centavosToDecimal } from '../../core/money.ts';
import { wallClock } from '../../core/time.ts';
import type { OutcomeLabel } from '../../receive/outcome.ts';
import { type Content, type Html, html } from '../html.ts';

/** The meaning of each outcome, and a symbol for it, so that pages do not rely on colour alone. */
export const outcomeLegend: Readonly<Record<OutcomeLabel, { readonly symbol: string; readonly meaning: string }>> = {
  accepted: { symbol: '✓', meaning: 'genuine and stored' },
  duplicate: { symbol: '↻', meaning: 'stored before' },
  spooled: { symbol: '⇣', meaning: 'in the spool, because Redis could not store it' },
  conflicting: { symbol: '≠', meaning: 'the same fact with other content' },
  unrecognized: { symbol: '?', meaning: 'genuine, but not understood' },
  malformed: { symbol: '✎', meaning: 'not one well-formed JSON object' },
  forged: { symbol: '✗', meaning: 'the signature does not match' },
  refused: { symbol: '⊘', meaning: 'from an address, to a path or of a size that is not accepted' },
  unavailable: { symbol: '!', meaning: 'could not be stored or answered' },
};

export const outcomeBadge = (outcome: OutcomeLabel): Html =>
  html`<span class="badge o-${outcome}" title="${outcomeLegend[outcome].meaning}"><span aria-hidden="true">${outcomeLegend[outcome].symbol}</span> ${outcome}</span>`;

const iso = (at: number): string => new Date(at).toISOString();

/** The time zone of a merchant. */
export type ZoneOf = (merchant: string) => string;

/** A time in a time zone, with its offset; in UTC as its tooltip. */
export const timeIn = (at: number, zone: string): Html => {
  const { text, offset } = wallClock(zone, at);
  return html`<time datetime="${iso(at)}" title="${iso(at)}">${text} <span class="offset">${offset}</span></time>`;
};

/** The time of day only, for recent callbacks. */
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

/** A duration in its two largest units: `2 h 5 min`. */
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

/** `PHP 3,125.00`; a dash for null. */
export const moneyOf = (amount: { readonly minor: number; readonly currency: string } | null): string => {
  if (amount === null) return '–';
  const [pesos = '', centavos = ''] = centavosToDecimal(amount.minor).split('.');
  return `${amount.currency} ${Number(pesos).toLocaleString('en-US')}.${centavos}`;
};

/** `succeeded, PHP 3,125.00`; a dash if there is none. */
export const statementOf = (statement: Statement | null | undefined): string =>
  statement == null ? '–' : `${statement.status}${statement.amount == null ? '' : `, ${moneyOf(statement.amount)}`}`;

/** The path of the page of a payment, by any of its ids or by its key. */
export const paymentPath = (id: string, key?: { readonly merchant: string; readonly kind: string }): string =>
  `/console/payments/${encodeURIComponent(id)}${key === undefined ? '' : `?${new URLSearchParams({ merchant: key.merchant, kind: key.kind })}`}`;

/** An id, linked to the page of its payment. */
export const idLink = (id: string | null): Content =>
  id === null ? '–' : html`<a class="id" href="${paymentPath(id)}">${id}</a>`;

/** The path of the page of a callback, by its entry id or another id that it contains. */
export const callbackPath = (id: string): string => `/console/callbacks/${encodeURIComponent(id)}`;

/** A list of names and their values. */
export const factsOf = (facts: readonly (readonly [name: string, value: Content])[]): Html =>
  html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/** Replaces an empty list: what that means, or what to do. */
export const emptyState = (sentence: string): Html => html`<p class="nothing">${sentence}</p>`;

/** Replaces content that could not be read from Redis. */
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

/** A table that scrolls on its own, by keyboard too. On a phone each row becomes a card. */
export const tableOf: TableOf = tableWith('cards');

/** A table of a few figures. On a phone it remains a table, without its columns of the class `minor`. */
export const figuresOf: TableOf = tableWith('figures');
