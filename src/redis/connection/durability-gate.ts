import type { Durability } from '../../core/durability.ts';
import { shareCall } from '../../core/share-call.ts';
import type { Gate } from '../../receive/ports.ts';
import { createDeadline } from '../deadline.ts';
import { type RedisClient, writersOf } from './connection.ts';
import { judgePosture, type PostureReasons, readPosture } from './posture.ts';

export type DurabilityGateOptions = {
  readonly redis: RedisClient;
  readonly durability: Durability;
  /** How long Redis may take to report its posture, in milliseconds. */
  readonly timeoutMs: number;
  /** Called with what is wrong, whenever that changes. */
  readonly onChange: (reasons: PostureReasons) => void;
};

/** How often the posture is read, in milliseconds: somebody may weaken a running Redis. */
const INTERVAL_MS = 2000;

const UNAVAILABLE: PostureReasons = { redis: 'Redis does not answer: check that it runs and that REDIS_URL is right.' };

/**
 * Whether what Redis confirms counts as stored. Closed until its posture was read, while it is unavailable, and while it
 * is weaker than DURABILITY asks.
 */
export class DurabilityGate implements Gate, Disposable {
  readonly #options: DurabilityGateOptions;
  readonly #timer: NodeJS.Timeout;
  #reasons: PostureReasons = UNAVAILABLE;
  /** Checks now; concurrent checks share one. */
  readonly refresh = shareCall(() => this.#read());

  constructor(options: DurabilityGateOptions) {
    this.#options = options;
    options.redis.on('ready', () => this.refresh());
    options.redis.on('close', () => this.#set(UNAVAILABLE));
    this.#timer = setInterval(() => this.refresh(), INTERVAL_MS).unref();
    if (options.redis.status === 'ready') this.refresh();
  }

  get isOpen(): boolean {
    return this.#reasons.redis === undefined && this.#reasons.durability === undefined;
  }

  /** What is wrong, as of the last check. */
  get reasons(): PostureReasons {
    return this.#reasons;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    const { redis, durability, timeoutMs } = this.#options;
    try {
      const all = Promise.all(writersOf(redis).map(readPosture));
      const postures = await createDeadline(timeoutMs).within(all);
      const isReachable = postures.length > 0 && redis.status === 'ready';
      this.#set(isReachable ? Object.assign({}, ...postures.map((it) => judgePosture(it, durability))) : UNAVAILABLE);
    } catch {
      this.#set(UNAVAILABLE);
    }
  }

  #set(reasons: PostureReasons): void {
    const isSame = JSON.stringify(reasons) === JSON.stringify(this.#reasons);
    this.#reasons = reasons;
    if (!isSame) this.#options.onChange(reasons);
  }
}
