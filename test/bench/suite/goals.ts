import type { Results } from './results.ts';

/** What the service wants to reach, and whether it does. */
export type Goal = {
  readonly goal: string;
  readonly measured: string;
  readonly isMet: boolean;
};

const ratio = (value: number): string => `${value.toFixed(2)} times`;
const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
const mb = (value: number): string => `${Math.round(value)} MB`;

/** The ratios that the guard compares: better is higher. */
export const ratiosOf = ({ compared, repeats }: Pick<Results, 'compared' | 'repeats'>) => {
  const { receiver, express, fastify, bare } = compared;
  return {
    'throughput, times (a) Express': receiver.perSecond / express.perSecond,
    'throughput, times (b) Fastify': receiver.perSecond / fastify.perSecond,
    'throughput, times (c) bare Fastify': receiver.perSecond / bare.perSecond,
    'processor time of (b), times ours':
      (fastify.serverMicros + fastify.redisMicros) / (receiver.serverMicros + receiver.redisMicros),
    'duplicates, times new ones': repeats.duplicatePerSecond / repeats.newPerSecond,
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

const fixedGoals = (results: Results): Goal[] => {
  const { compared, repeats, envelope, byConnections, startMs } = results;
  const { receiver, express, fastify, bare } = compared;
  const ours = receiver.serverMicros + receiver.redisMicros;
  const costs = Object.values(byConnections);
  const flatness = Math.max(...costs) / Math.min(...costs);
  return [
    atLeast('throughput against (a) Express:', receiver.perSecond / express.perSecond, 1.6),
    atLeast('throughput against (b) Fastify:', receiver.perSecond / fastify.perSecond, 1.1),
    atLeast('throughput against (c) bare Fastify:', receiver.perSecond / bare.perSecond, 0.35),
    atMost('processor time, with Redis, against (b):', ours / (fastify.serverMicros + fastify.redisMicros), 0.9),
    atLeast('duplicates against new ones:', repeats.duplicatePerSecond / repeats.newPerSecond, 1.3),
    atMost('p99 at half load against the median:', receiver.latencyMs.p99 / receiver.latencyMs.p50, 5),
    atMost(
      'what an RSA envelope adds against the RSA check alone:',
      (envelope.envelopeMicros - envelope.flatMicros) / envelope.checkMicros,
      1.15,
    ),
    {
      goal: 'resident memory at saturation under 150 MB',
      measured: mb(receiver.residentMb),
      isMet: receiver.residentMb < 150,
    },
    { goal: 'start to ready under 1 second', measured: `${Math.round(startMs)} ms`, isMet: startMs < 1000 },
    {
      goal: 'cost of a callback flat from 16 to 1,024 connections (within 15 %)',
      measured: `${percent(flatness - 1)} between cheapest and dearest`,
      isMet: flatness <= 1.15,
    },
  ];
};

const longGoals = ({ memory, backlog }: Results): Goal[] => {
  const goals: Goal[] = [];
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
      goal: 'a backlog of 1,000,000 events changes throughput by less than 10 %',
      measured: percent(change),
      isMet: change < 0.1,
    });
  }
  return goals;
};

export const goalsOf = (results: Results): Goal[] => [...fixedGoals(results), ...longGoals(results)];
