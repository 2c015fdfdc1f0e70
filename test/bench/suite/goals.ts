import type { Compared, Results, ScaleRow } from './results.ts';

/** A goal for the service, and whether it is met. */
export type Goal = {
  readonly goal: string;
  readonly measured: string;
  readonly isMet: boolean;
};

const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
const mb = (value: number): string => `${Math.round(value)} MB`;

const cost = ({ serverMicros, redisMicros }: Compared): number => serverMicros + redisMicros;

/** The ratios that `bench:check` compares. Higher is better. */
export const ratiosOf = ({ compared, repeats }: Pick<Results, 'compared' | 'repeats'>) => {
  const { receiver, express, fastify, promises, bare } = compared;
  return {
    'throughput as a multiple of (a) Express': receiver.perSecond / express.perSecond,
    'throughput as a multiple of (b) Fastify': receiver.perSecond / fastify.perSecond,
    'throughput as a multiple of (c) bare Fastify': receiver.perSecond / bare.perSecond,
    'throughput as a multiple of (f) the same promises': receiver.perSecond / promises.perSecond,
    'processor time of (b) as a multiple of ours': cost(fastify) / cost(receiver),
    'processor time of (f) as a multiple of ours': cost(promises) / cost(receiver),
    'cost of a new callback as a multiple of a duplicate': repeats.newMicros / repeats.duplicateMicros,
  };
};

/** A goal for a value as a multiple of a reference, such as "that of (f)". */
const multiple = (what: string, value: number, goal: ['at least' | 'at most', number], reference: string): Goal => {
  const [direction, bound] = goal;
  return {
    goal: `${what}: ${direction} ${bound} times ${reference}`,
    measured: `${value.toFixed(2)} times`,
    isMet: direction === 'at least' ? value >= bound : value <= bound,
  };
};

const comparedGoals = ({ compared }: Results): Goal[] => {
  const { receiver, express, fastify, promises, floor } = compared;
  const time = 'processor time with Redis';
  const ours = cost(receiver);
  const { perSecond, latencyMs, redisMicros, residentMb } = receiver;
  return [
    multiple(time, ours / cost(promises), ['at most', 0.33], 'that of (f)'),
    multiple(time, ours / cost(fastify), ['at most', 1], 'that of (b)'),
    ...(floor === undefined ? [] : [multiple(time, ours / cost(floor), ['at most', 4], 'that of (g)')]),
    multiple('throughput', perSecond / promises.perSecond, ['at least', 2.5], 'that of (f)'),
    multiple('throughput', perSecond / express.perSecond, ['at least', 1.3], 'that of (a)'),
    multiple('throughput', perSecond / fastify.perSecond, ['at least', 1], 'that of (b)'),
    multiple('p99 at half load', latencyMs.p99 / latencyMs.p50, ['at most', 4], 'the median'),
    {
      goal: 'processor time of Redis: at most 50 µs per callback',
      measured: `${redisMicros.toFixed(1)} µs`,
      isMet: redisMicros <= 50,
    },
    { goal: 'resident memory at saturation: under 200 MB', measured: mb(residentMb), isMet: residentMb < 200 },
  ];
};

const fixedGoals = (results: Results): Goal[] => {
  const { repeats, envelope, byConnections, startMs } = results;
  const few = byConnections['64'] ?? 0;
  const many = byConnections['1024'] ?? 0;
  const duplicate = repeats.duplicateMicros / repeats.newMicros;
  const enveloped = (envelope.envelopeMicros - envelope.flatMicros) / envelope.checkMicros;
  return [
    ...comparedGoals(results),
    multiple('processor time of a duplicate', duplicate, ['at most', 0.5], 'that of a new callback'),
    multiple('extra time for an RSA envelope', enveloped, ['at most', 1.15], 'that of the RSA check alone'),
    {
      goal: 'memory of Redis per queued callback: under 2,200 bytes',
      measured: `${Math.round(repeats.queuedBytes)} bytes`,
      isMet: repeats.queuedBytes < 2200,
    },
    { goal: 'from start to ready: under 1 second', measured: `${Math.round(startMs)} ms`, isMet: startMs < 1000 },
    {
      goal: 'processor time at 1,024 connections: at most 15 % more than at 64',
      measured: `${percent(Math.abs(many / few - 1))} ${many < few ? 'less' : 'more'}`,
      isMet: many <= few * 1.15,
    },
  ];
};

const totalOf = ({ receiverMicros, redisMicros }: ScaleRow): number =>
  redisMicros.reduce((sum, micros) => sum + micros, receiverMicros);

const longGoals = ({ memory, backlog, scale }: Results): Goal[] => {
  const goals: Goal[] = [];
  if (scale !== undefined) {
    const [, onOneRedis, onCluster] = scale.map(totalOf);
    const value = (onCluster ?? 0) / (onOneRedis ?? 1);
    const what = 'processor time of two receivers on a cluster';
    goals.push(multiple(what, value, ['at most', 1.5], 'that of two on one Redis'));
  }
  if (memory !== undefined) {
    const { minutes, startMb, endMb } = memory;
    goals.push({
      goal: 'resident memory after 10 minutes: at most 10 % more',
      measured: `${mb(startMb)} at the start, ${mb(endMb)} after ${minutes} minutes`,
      isMet: endMb <= startMb * 1.1,
    });
  }
  if (backlog !== undefined) {
    const change = Math.abs(backlog.fullPerSecond / backlog.emptyPerSecond - 1);
    goals.push({
      goal: `throughput with a backlog of ${backlog.events.toLocaleString('en-US')} events: less than 10 % different`,
      measured: percent(change),
      isMet: change < 0.1,
    });
  }
  return goals;
};

export const goalsOf = (results: Results): Goal[] => [...fixedGoals(results), ...longGoals(results)];
