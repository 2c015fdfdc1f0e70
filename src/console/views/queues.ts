import type { QueueDepth } from '../../operate/ports.ts';
import { type Html, html } from '../html.ts';
import type { SpoolState } from '../ports.ts';
import { ageOf, numberOf, redisUnavailable, tableOf } from './format.ts';

const COLUMNS = [
  { title: 'Queue' },
  { title: 'Waiting', isNumber: true },
  { title: 'Oldest', isNumber: true },
  { title: 'Failed', isNumber: true },
  { title: 'Active', isNumber: true },
  { title: 'Delayed', isNumber: true },
];

/** A job that has waited this long probably has no worker, in milliseconds. */
const LONG_MS = 5 * 60_000;

const boardPath = (queue: string): string => `/console/queues/queue/${encodeURIComponent(`{${queue}}`)}`;

const cellOf = (count: number, isBad: boolean): Html =>
  html`<td class="number${count === 0 ? ' zero' : isBad ? ' bad' : ''}">${numberOf(count)}</td>`;

const rowOf = ({ queue, jobs, nextSince }: QueueDepth, now: number): Html => {
  const age = nextSince === null ? null : Math.max(0, now - nextSince);
  const isLate = age !== null && age > LONG_MS;
  return html`<tr>
<th scope="row"><a href="${boardPath(queue)}">${queue}</a></th>
${cellOf(jobs['waiting'] ?? 0, false)}
<td class="number${isLate ? ' bad' : age === null ? ' zero' : ''}">${age === null ? '–' : ageOf(age)}${isLate && html` <span title="Is a worker running?">⚠</span>`}</td>
${cellOf(jobs['failed'] ?? 0, true)}${cellOf(jobs['active'] ?? 0, false)}${cellOf(jobs['delayed'] ?? 0, false)}
</tr>`;
};

const spoolLine = (spool: SpoolState | null, now: number): Html => {
  if (spool === null) return html`<p class="aside">There is no spool.</p>`;
  const { events, oldestReceivedAt } = spool;
  if (events === 0) return html`<p class="aside">The spool is empty.</p>`;
  const age = oldestReceivedAt === null ? '' : `, the oldest for ${ageOf(now - oldestReceivedAt)}`;
  return html`<p class="notice"><strong>${numberOf(events)} ${events === 1 ? 'callback waits' : 'callbacks wait'} in the spool</strong>${age}.</p>`;
};

export type QueuesView = {
  /** Null while Redis does not answer. */
  readonly depths: readonly QueueDepth[] | null;
  readonly spool: SpoolState | null;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** QueueDepth and age of every queue, and what is in the spool. */
export const queuesTable = ({ depths, spool, now }: QueuesView): Html =>
  html`${spoolLine(spool, now)}${
    depths === null
      ? redisUnavailable()
      : tableOf(
          'Queues',
          COLUMNS,
          depths.map((depth) => rowOf(depth, now)),
        )
  }`;
