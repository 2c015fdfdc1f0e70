import type { Compared, Results, ScaleRow } from './results.ts';

/** What the service wants to reach, and whether it does. */
export type Goal = {
  readonly goal: string;
  readonly measured: string;
  readonly isMet: boolean;
};

const ratio = (value: number): string => `${value.toFixed(2)} times`;
const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
const mb = (value: number): string => `${Math.round(value)} MB`;

const cost = ({ serverMicros, redisMicros }: Compared): number => serverMicros + redisMicros;

/** The ratios that the guard compares: better is higher. */
export const ratiosOf = ({ compared, repeats }: Pick<Results, 'compared' | 'repeats'>) => {
  const { receiver, express, fastify, promises, bare } = compared;
  return {
    'throughput, times (a) Express': receiver.perSecond / express.perSecond,
    'throughput, times (b) Fastify': receiver.perSecond / fastify.perSecond,
    'throughput, times (c) bare Fastify': receiver.perSecond / bare.perSecond,
    'throughput, times (f) the same promises': receiver.perSecond / promises.perSecond,
    'processor time of (b), times ours': cost(fastify) / cost(receiver),
    'processor time of (f), times ours': cost(promises) / cost(receiver),
    'cost of a new one, times that of a duplicate': repeats.newMicros / repeats.duplicateMicros,
  };
};

const atLeast = (goal: string, value: number, bound: number): Goal => ({
  goal: `${goal} at least ${bound} times`,
  measured: ratio(value),
  isMet: value >= bound,
});

const atMost = (goal: string, value: number, bound: number): Goal => ({
  goal: `${goal} at most ${bound} times`,
  measured: ratio(value),
  isMet: value <= bound,
});

const comparedGoals = ({ compared }: Results): Goal[] => {
  const { receiver, express, fastify, promises, floor } = compared;
  const ours = cost(receiver);
  return [
    atMost('processor time, with Redis, against (f):', ours / cost(promises), 0.33),
    atMost('processor time, with Redis, against (b):', ours / cost(fastify), 1),
    ...(floor === undefined ? [] : [atMost('processor time, with Redis, against (g):', ours / cost(floor), 4)]),
    atLeast('throughput against (f):', receiver.perSecond / promises.perSecond, 2.5),
    atLeast('throughput against (a) Express:', receiver.perSecond / express.perSecond, 1.3),
    atLeast('throughput against (b) Fastify:', receiver.perSecond / fastify.perSecond, 1),
    atMost('p99 at half load against the median:', receiver.latencyMs.p99 / receiver.latencyMs.p50, 4),
    {
      goal: 'Redis at most 50 µs a callback',
      measured: `${receiver.redisMicros.toFixed(1)} µs`,
      isMet: receiver.redisMicros <= 50,
    },
    {
      goal: 'resident memory at saturation under 200 MB',
      measured: mb(receiver.residentMb),
      isMet: receiver.residentMb < 200,
    },
  ];
};

const fixedGoals = (results: Results): Goal[] => {
  const { repeats, envelope, byConnections, startMs } = results;
  const few = byConnections['64'] ?? 0;
  const many = byConnections['1024'] ?? 0;
  return [
    ...comparedGoals(results),
    atMost('a duplicate against a new one, processor time:', repeats.duplicateMicros / repeats.newMicros, 0.5),
    atMost(
      'what an RSA envelope adds against the RSA check alone:',
      (envelope.envelopeMicros - envelope.flatMicros) / envelope.checkMicros,
      1.15,
    ),
    {
      goal: 'memory of Redis for a queued callback under 2,200 bytes',
      measured: `${Math.round(repeats.queuedBytes)} bytes`,
      isMet: repeats.queuedBytes < 2200,
    },
    { goal: 'start to ready under 1 second', measured: `${Math.round(startMs)} ms`, isMet: startMs < 1000 },
    {
      goal: 'cost of a callback at 1,024 connections within 15 % of that at 64',
      measured: `${percent(Math.abs(many / few - 1))} ${many < few ? 'less' : 'more'}`,
      isMet: many <= few * 1.15,
    },
  ];
};

/** Rows of the table of scale: one receiver, two, two on a cluster. */
const totalOf = ({ receiverMicros, redisMicros }: ScaleRow): number =>
  redisMicros.reduce((sum, micros) => sum + micros, receiverMicros);

const longGoals = ({ memory, backlog, scale }: Results): Goal[] => {
  const goals: Goal[] = [];
  if (scale !== undefined) {
    const [, onOneRedis, onCluster] = scale.map(totalOf);
    const times = (onCluster ?? 0) / (onOneRedis ?? 1);
    goals.push({
      goal: 'two receivers on a cluster against two on one Redis, processor time: at most 1.5 times',
      measured: ratio(times),
      isMet: times <= 1.5,
    });
  }
  if (memory !== undefined) {
    const { minutes, startMb, endMb } = memory;
    goals.push({
      goal: 'resident memory flat over 10 minutes (within 10 %)',
      measured: `${mb(startMb)} at the beginning, ${mb(endMb)} after ${minutes} minutes`,
      isMet: endMb <= startMb * 1.1,
    });
  }
  if (backlog !== undefined) {
    const change = Math.abs(backlog.fullPerSecond / backlog.emptyPerSecond - 1);
    goals.push({
      goal: `a backlog of ${backlog.events.toLocaleString('en-US')} events changes throughput by less than 10 %`,
      measured: percent(change),
      isMet: change < 0.1,
    });
  }
  return goals;
};

export const goalsOf = (results: Results): Goal[] => [...fixedGoals(results), ...longGoals(results)];
