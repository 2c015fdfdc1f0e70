import { setTimeout as sleep } from 'node:timers/promises';
import { attachReplicas } from '../../support/topologies/open-sentinel.ts';
import { until } from '../../support/until.ts';
import { type FaultKind, faults } from './faults.ts';
import { type Fault, usesRedis, type World } from './world.ts';

/** How soon after a fault the receiver must be ready again, in milliseconds. */
const READY_LIMIT_MS = 10_000;
/** Pause between two faults, in milliseconds. */
const GAP_MS = { low: 150, high: 500 };

export type InjectorOptions = {
  readonly world: Omit<World, 'redis' | 'lastsMs' | 'last'>;
  /** How long faults last, in milliseconds. */
  readonly lastsMs: { readonly low: number; readonly high: number };
};

/** Injects faults, one after another, and records their effects. */
export class Injector {
  readonly times: Partial<Record<FaultKind, number>> = {};
  /** The longest recovery from each kind of fault. */
  readonly recoveryMs: Partial<Record<FaultKind, number>> = {};
  /** Faults after which the receiver was not ready in time. */
  readonly late: string[] = [];
  mostSpooled = 0;
  isDone = false;
  readonly #options: InjectorOptions;

  constructor(options: InjectorOptions) {
    this.#options = options;
  }

  get count(): number {
    return Object.values(this.times).reduce((sum, times) => sum + times, 0);
  }

  async run(kinds: readonly FaultKind[]): Promise<void> {
    const { random } = this.#options.world;
    try {
      for (const kind of kinds) {
        if (this.late.length > 0) return; // a receiver that has not recovered cannot be broken again
        await sleep(random.between(GAP_MS.low, GAP_MS.high));
        await this.#strike(kind);
      }
      await sleep(GAP_MS.high);
    } finally {
      this.isDone = true;
    }
  }

  async #strike(kind: FaultKind): Promise<void> {
    const { world, lastsMs: range } = this.#options;
    const fault: Fault = faults[kind];
    const lastsMs = world.random.between(range.low, range.high);
    const last = async (): Promise<void> => {
      await sleep(lastsMs);
      await this.#look();
    };
    try {
      await fault.happen({ ...world, redis: await this.#chooseNode(), lastsMs, last });
    } catch (error) {
      this.late.push(`${kind}: ${error instanceof Error ? error.message : error}`);
      return;
    }
    const repairedAt = performance.now();
    await this.#untilReady(kind);
    this.recoveryMs[kind] = Math.max(this.recoveryMs[kind] ?? 0, performance.now() - repairedAt);
    this.times[kind] = (this.times[kind] ?? 0) + 1;
  }

  #chooseNode(): Promise<World['redis']> | World['redis'] {
    const { topology, random } = this.#options.world;
    return topology.name === 'cluster' ? random.pick(topology.nodes) : topology.primary();
  }

  async #look(): Promise<void> {
    const spooled = await this.#options.world.receiver.metric('paycools_spool_events').catch(() => null);
    this.mostSpooled = Math.max(this.mostSpooled, spooled ?? 0);
  }

  async #untilReady(kind: FaultKind): Promise<void> {
    const { receiver, topology } = this.#options.world;
    const { mustReachRedis = false }: Fault = faults[kind];
    const isReady = async (): Promise<boolean> =>
      (await attachReplicas(topology)) &&
      (await receiver.isReady()) &&
      (!mustReachRedis || (await usesRedis({ receiver })));
    try {
      await until(isReady, { what: `it is ready again after ${kind}`, timeoutMs: READY_LIMIT_MS });
    } catch (error) {
      const reasons = await receiver.reasons().catch(() => ({}));
      this.late.push(`${error instanceof Error ? error.message : error}: ${JSON.stringify(reasons)}`);
    }
  }
}
