import { oldClientSentence } from '../../core/queues.ts';
import { LONG_WAIT_MS } from '../../operate/payment-summary.ts';
import type { QueueDepth } from '../../operate/ports.ts';
import { type Html, html } from '../html.ts';
import type { SpoolState } from '../ports.ts';
import { ageOf, type Column, figuresOf, numberOf, redisUnavailable } from './format.ts';

const boardPath = (queue: string): string => `/console/queues/queue/${encodeURIComponent(`{${queue}}`)}`;

const countCell = (count: number, isBad: boolean): Html =>
  html`<span class="${count === 0 ? 'zero' : isBad ? 'bad' : ''}">${numberOf(count)}</span>`;

const ageCell = ({ nextSince }: QueueDepth, now: number): Html => {
  if (nextSince === null) return html`<span class="zero">–</span>`;
  const age = Math.max(0, now - nextSince);
  if (age <= LONG_WAIT_MS) return html`${ageOf(age)}`;
  return html`<span class="bad">${ageOf(age)} <span title="Is a worker running?">⚠</span></span>`;
};

const columnsOf = (now: number): readonly Column<QueueDepth>[] => [
  { title: 'Queue', cell: ({ queue }) => html`<a href="${boardPath(queue)}">${queue}</a>` },
  { title: 'Waiting', isNumber: true, cell: ({ jobs }) => countCell(jobs['waiting'] ?? 0, false) },
  { title: 'Oldest', isNumber: true, cell: (depth) => ageCell(depth, now) },
  { title: 'Failed', isNumber: true, cell: ({ jobs }) => countCell(jobs['failed'] ?? 0, true) },
  { title: 'Active', isNumber: true, className: 'minor', cell: ({ jobs }) => countCell(jobs['active'] ?? 0, false) },
  { title: 'Delayed', isNumber: true, className: 'minor', cell: ({ jobs }) => countCell(jobs['delayed'] ?? 0, false) },
];

const spoolLine = (spool: SpoolState | null, now: number): Html => {
  if (spool === null) return html`<p class="aside">No spool is in use.</p>`;
  const { events, oldestReceivedAt, setAside } = spool;
  const aside =
    setAside > 0 &&
    html`<p class="notice bad"><strong>${numberOf(setAside)} ${setAside === 1 ? 'callback was' : 'callbacks were'} set aside in the spool</strong>: Redis refused to store them. <a href="/console/spool">See them …</a></p>`;
  if (events === 0) return html`${aside || html`<p class="aside">The spool is empty.</p>`}`;
  const age = oldestReceivedAt === null ? '' : `, the oldest for ${ageOf(now - oldestReceivedAt)}`;
  return html`<p class="notice"><strong>${numberOf(events)} ${events === 1 ? 'callback waits' : 'callbacks wait'} in the spool</strong>${age}.</p>${aside}`;
};

export type QueuesView = {
  /** Null while Redis does not answer. */
  readonly depths: readonly QueueDepth[] | null;
  readonly spool: SpoolState | null;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** Warnings about workers whose version of BullMQ loses jobs. */
const oldClientWarnings = (depths: readonly QueueDepth[]): readonly Html[] =>
  depths.flatMap(({ queue, oldClient: version }) =>
    version === null
      ? []
      : [
          html`<p class="notice bad"><strong>${oldClientSentence({ queue, version })}</strong> It loses jobs that are added while the queue is paused.</p>`,
        ],
  );

/** The depth and age of every queue, warnings about old clients, and the state of the spool. */
export const queuesTable = ({ depths, spool, now }: QueuesView): Html =>
  html`${spoolLine(spool, now)}${oldClientWarnings(depths ?? [])}${depths === null ? redisUnavailable() : figuresOf('Queues', columnsOf(now), depths)}`;
