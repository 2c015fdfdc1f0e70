import { MINUTE_MS, wallClock } from '../../core/time.ts';
import { type OutcomeLabel, outcomeLabels } from '../../receive/outcome.ts';
import type { HourCounts, MinuteCounts } from '../../receive/outcome-counts.ts';
import { type Html, html } from '../html.ts';
import { type Column, clockIn, numberOf, outcomeLegend, tableOf } from './format.ts';

/** The outcomes from the bottom of a bar to its top: those that are fine, then those that need attention. */
const ORDER = Object.keys(outcomeLegend) as OutcomeLabel[];

const WIDTH = 720;
const HEIGHT = 150;
const LEFT = 40;
const BOTTOM = 18;
const GAP = 2;

const countOf = ({ counts }: MinuteCounts, outcome: OutcomeLabel): number => counts[outcome] ?? 0;
const totalOf = (minute: MinuteCounts): number => outcomeLabels.reduce((sum, it) => sum + countOf(minute, it), 0);

/** The next round number, for the top of the axis. */
const ceilingOf = (highest: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, highest)));
  return [1, 2, 5, 10].map((step) => step * power).find((it) => it >= highest) ?? highest;
};

/** Hours and minutes. */
const clock = (at: number, zone: string): string => wallClock(zone, at).text.slice(11, 16);

type Scale = { readonly step: number; readonly perCount: number };

const barOf = (minute: MinuteCounts, index: number, { step, perCount }: Scale, zone: string): Html => {
  let top = HEIGHT - BOTTOM;
  const parts = ORDER.flatMap((outcome) => {
    const height = countOf(minute, outcome) * perCount;
    if (height === 0) return [];
    top -= height;
    return [
      html`<rect class="o-${outcome}" x="${(LEFT + index * step).toFixed(1)}" y="${top.toFixed(1)}" width="${(step - GAP).toFixed(1)}" height="${height.toFixed(1)}"/>`,
    ];
  });
  const counts = ORDER.flatMap((it) => (countOf(minute, it) === 0 ? [] : [`${it} ${countOf(minute, it)}`]));
  return html`<g><title>${clock(minute.minute, zone)}: ${counts.join(', ')}</title>${parts}</g>`;
};

const axesOf = (minutes: readonly MinuteCounts[], ceiling: number, { step, perCount }: Scale, zone: string): Html => {
  const lines = [0, ceiling / 2, ceiling].map((value) => {
    const y = (HEIGHT - BOTTOM - value * perCount).toFixed(1);
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text x="${LEFT - 6}" y="${y}" dy="4" text-anchor="end">${Number.isInteger(value) ? numberOf(value) : null}</text>`;
  });
  const times = minutes.flatMap(({ minute }, index) =>
    (minute / MINUTE_MS) % 10 === 0 && index < minutes.length - 3
      ? [html`<text x="${(LEFT + index * step).toFixed(1)}" y="${HEIGHT - 3}">${clock(minute, zone)}</text>`]
      : [],
  );
  return html`${lines}${times}`;
};

const legendOf = (minutes: readonly MinuteCounts[]): Html =>
  html`<ul class="legend">${ORDER.map((outcome) => {
    const count = minutes.reduce((sum, minute) => sum + countOf(minute, outcome), 0);
    return html`<li class="${count === 0 ? 'none' : 'some'}"><svg aria-hidden="true" width="10" height="10"><rect class="o-${outcome}" width="10" height="10"/></svg> <span aria-hidden="true">${outcomeLegend[outcome].symbol}</span> ${outcome} <b>${numberOf(count)}</b></li>`;
  })}</ul>`;

/** The counts as a table, ten minutes per row. */
const countsTable = (minutes: readonly MinuteCounts[], zone: string): Html => {
  const tens = Array.from({ length: minutes.length / 10 }, (_, index) => minutes.slice(index * 10, index * 10 + 10));
  const columns: readonly Column<readonly MinuteCounts[]>[] = [
    { title: 'From', cell: ([first]) => clockIn(first?.minute ?? 0, zone) },
    ...ORDER.map((title) => ({
      title,
      isNumber: true,
      cell: (ten: readonly MinuteCounts[]) => numberOf(ten.reduce((sum, it) => sum + countOf(it, title), 0)),
    })),
  ];
  return html`<details><summary>As a table</summary>${tableOf('Callbacks of the last hour', columns, tens)}</details>`;
};

/** The last hour by outcome: one bar per minute, totals, and a table. */
export const hourChart = ({ minutes, isComplete }: HourCounts, zone: string): Html => {
  const ceiling = ceilingOf(Math.max(...minutes.map(totalOf)));
  const scale = { step: (WIDTH - LEFT) / minutes.length, perCount: (HEIGHT - BOTTOM - 8) / ceiling };
  const bars = minutes.map((minute, index) => (totalOf(minute) === 0 ? null : barOf(minute, index, scale, zone)));
  const sum = minutes.reduce((total, minute) => total + totalOf(minute), 0);
  return html`${
    !isComplete && html`<p class="notice">Redis does not answer: only the counts of this replica are shown.</p>`
  }<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${numberOf(sum)} callbacks in the last hour, one bar per minute">${axesOf(minutes, ceiling, scale, zone)}${bars}</svg>${legendOf(minutes)}${countsTable(minutes, zone)}`;
};
