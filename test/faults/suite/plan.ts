import { canMount, canMountImages } from './disks.ts';
import { type FaultKind, faultsOf } from './faults.ts';
import type { Random } from './random.ts';
import type { ScenarioName } from './scenarios.ts';

/** A part of a long run with its own processes, so that Redis remains small and the check quick. */
export type Round = {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly callbacks: number;
  readonly faults: readonly FaultKind[];
};

export type PlanOptions = {
  readonly callbacks: number;
  readonly faults: number;
  readonly random: Random;
};

const CALLBACKS_A_ROUND = 10_000;
/** A single Redis has the most faults, so it is used most often. */
const CYCLE: readonly ScenarioName[] = [
  'single',
  'sentinel',
  'single',
  'cluster',
  'endpoint',
  'single',
  'small-spool',
  'single',
  'full-disk',
  'fragile-disk',
  'no-spool',
];

const PACKS = ['single', 'endpoint', 'sentinel', 'cluster', 'fragile-disk'] as const satisfies ScenarioName[];
type Pack = (typeof PACKS)[number];

/** Which faults a scenario draws from. */
const packOf = (scenario: ScenarioName): Pack => PACKS.find((pack) => pack === scenario) ?? 'single';

const isPossible = (scenario: ScenarioName): boolean => {
  if (scenario === 'fragile-disk') return canMountImages();
  return scenario !== 'full-disk' || canMount();
};

/** Scenarios that are skipped without root, because they mount disks. */
export const impossibleScenarios = (): ScenarioName[] => [...new Set(CYCLE.filter((it) => !isPossible(it)))];

const shuffled = <Value>(values: readonly Value[], random: Random): Value[] =>
  values
    .map((value) => ({ value, place: random.next() }))
    .sort((left, right) => left.place - right.place)
    .map(({ value }) => value);

/** Deals out kinds like cards: each is used once before one is repeated. */
const createDealer = (kinds: readonly FaultKind[], random: Random): (() => FaultKind) => {
  let pack: FaultKind[] = [];
  return () => {
    if (pack.length === 0) pack = shuffled(kinds, random);
    return pack.pop() ?? random.pick(kinds);
  };
};

/** Part `index` of `total`, split as evenly as possible. */
const share = (total: number, parts: number, index: number): number =>
  Math.floor((total * (index + 1)) / parts) - Math.floor((total * index) / parts);

/** Splits a long run into rounds over all scenarios that are possible here. */
export const planRounds = ({ callbacks, faults, random }: PlanOptions): Round[] => {
  const cycle = CYCLE.filter(isPossible);
  const dealers: Record<Pack, () => FaultKind> = {
    'fragile-disk': createDealer(['power-lost', 'both-killed', 'receiver-killed', 'redis-killed'], random),
    single: createDealer(faultsOf('single'), random),
    endpoint: createDealer(faultsOf('endpoint'), random),
    sentinel: createDealer(faultsOf('sentinel'), random),
    cluster: createDealer(faultsOf('cluster'), random),
  };
  const count = Math.max(1, Math.ceil(callbacks / CALLBACKS_A_ROUND));
  return Array.from({ length: count }, (_, index) => {
    const scenario = cycle[index % cycle.length] ?? 'single';
    const deal = dealers[packOf(scenario)];
    return {
      scenario,
      seed: random.between(1, 999_999),
      callbacks: share(callbacks, count, index),
      faults: Array.from({ length: share(faults, count, index) }, deal),
    };
  });
};
