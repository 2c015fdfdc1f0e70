import { readFileSync, writeFileSync } from 'node:fs';
import { goalsOf } from './goals.ts';
import {
  type Causes,
  type Compared,
  contenders,
  type MeasuredContender,
  type PartRow,
  type Results,
  type ScaleRow,
} from './results.ts';
import type { TreeRow } from './sections/trees.ts';

const FILE = 'docs/performance.md';
const BEGIN = '<!-- figures: written by `npm run bench` -->';
const END = '<!-- end of the figures -->';

const LABELS: Readonly<Record<MeasuredContender, string>> = {
  receiver: 'the receiver, all features on',
  express: '(a) Express by hand',
  fastify: '(b) Fastify by hand',
  bare: '(c) bare Fastify',
  promises: '(f) the same promises by hand',
  floor: '(g) the floor, in Rust',
};

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const fine = (value: number): string => value.toFixed(1);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const comparedRow = (name: MeasuredContender, it: Compared): string[] => [
  LABELS[name],
  whole(it.perSecond),
  fine(it.serverMicros),
  fine(it.redisMicros),
  fine(it.serverMicros + it.redisMicros),
  fine(it.latencyMs.p50),
  fine(it.latencyMs.p99),
  fine(it.latencyMs.p999),
  whole(it.residentMb),
];

const COMPARED_HEAD = [
  '',
  'callbacks/s',
  'process, µs',
  'Redis, µs',
  'total, µs',
  'p50, ms',
  'p99, ms',
  'p99.9, ms',
  'memory, MB',
];

const floors = ({ verificationMicros, store }: Results): string =>
  table(
    ['', 'client, µs', 'Redis, µs'],
    [
      ['(d) verification alone', fine(verificationMicros), ''],
      ['(e) a script that stores the same bytes', fine(store.clientMicros), fine(store.redisMicros)],
    ],
  );

const single = ({ repeats, byConnections, envelope, startMs }: Results): string =>
  table(
    ['', ''],
    [
      [
        'new callbacks per second, then as many duplicates',
        `${whole(repeats.newPerSecond)}, ${whole(repeats.duplicatePerSecond)}`,
      ],
      ['their processor time with Redis, µs', `${fine(repeats.newMicros)}, ${fine(repeats.duplicateMicros)}`],
      ['memory of Redis per queued callback, bytes', whole(repeats.queuedBytes)],
      ['memory of Redis per duplicate, bytes', whole(repeats.deduplicatedBytes)],
      ...Object.entries(byConnections).map(([count, micros]) => [
        `receiver and Redis at ${count} connections, µs`,
        fine(micros),
      ]),
      [
        'flat body, RSA envelope, the RSA check alone, µs',
        [envelope.flatMicros, envelope.envelopeMicros, envelope.checkMicros].map(fine).join(', '),
      ],
      ['from start to ready, ms', whole(startMs)],
    ],
  );

/** Several receivers, on one Redis and on a cluster. */
export const scaleTable = (rows: readonly ScaleRow[]): string =>
  table(
    ['', 'callbacks/s', 'receivers, µs', 'nodes of Redis, µs'],
    rows.map(({ name, perSecond, receiverMicros, redisMicros }) => [
      name,
      whole(perSecond),
      fine(receiverMicros),
      redisMicros.map(fine).join(' + '),
    ]),
  );

/** Receivers of several trees, each compared with the first row. */
export const treesTable = (rows: readonly TreeRow[]): string => {
  const total = (row: TreeRow | undefined) => (row === undefined ? Number.NaN : row.receiverMicros + row.redisMicros);
  return table(
    ['', 'receiver, µs', 'Redis, µs', 'total, µs', 'compared with (b)'],
    rows.map((row) => [
      row.name,
      fine(row.receiverMicros),
      fine(row.redisMicros),
      fine(total(row)),
      `${(total(row) / total(rows[0])).toFixed(2)} times`,
    ]),
  );
};

const causesTable = ({ ratePerSecond, rows }: Causes): string =>
  table(
    [`at ${whole(ratePerSecond)} callbacks/s`, 'p50, ms', 'p99, ms', 'µs at 16 connections', 'µs at 64'],
    rows.map(({ name, p50, p99, microsAt16, microsAt64 }) => [name, ...[p50, p99, microsAt16, microsAt64].map(fine)]),
  );

/** The cost of each part is the difference to the row before. */
const partsTable = (rows: readonly PartRow[]): string =>
  table(
    ['', 'receiver, µs', 'Redis, µs'],
    rows.map(({ without, receiverMicros, redisMicros }) => [
      without === null ? 'as shipped' : `… without ${without}`,
      fine(receiverMicros),
      fine(redisMicros),
    ]),
  );

/** The figures as Markdown. */
export const figures = (results: Results): string => {
  const { machine, rounds, seconds, connections, compared, scale, causes, parts } = results;
  const { processor, cores, memoryGb, node, redis } = machine;
  return [
    `${processor}, ${cores} cores, ${memoryGb} GB; Node.js ${node}, Redis ${redis}. Medians of ${rounds} rounds of ${seconds} s,`,
    `${connections} connections at saturation.`,
    '',
    table(
      ['goal', 'measured', ''],
      goalsOf(results).map(({ goal, measured, isMet }) => [goal, measured, isMet ? 'met' : '**not met**']),
    ),
    '',
    table(
      COMPARED_HEAD,
      [...contenders, 'floor' as const].flatMap((name) => {
        const found = compared[name];
        return found === undefined ? [] : [comparedRow(name, found)];
      }),
    ),
    '',
    floors(results),
    '',
    single(results),
    ...(scale === undefined ? [] : ['', scaleTable(scale)]),
    ...(causes === undefined ? [] : ['', causesTable(causes)]),
    ...(parts === undefined ? [] : ['', partsTable(parts)]),
  ].join('\n');
};

/** Writes the figures into the page between two marks. */
export const writeReport = (results: Results): void => {
  const page = readFileSync(FILE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end === -1) throw new Error(`${FILE} has lost the marks around the figures`);
  writeFileSync(FILE, `${page.slice(0, begin)}${BEGIN}\n\n${figures(results)}\n\n${page.slice(end)}`);
};
