import { Redis } from 'ioredis';
import type { Durability } from '../../core/durability.ts';
import { shareCall } from '../../core/share-call.ts';
import type { Gate } from '../../receive/ports.ts';
import { createDeadline } from '../deadline.ts';
import { LoadableFiles, parseInfo, readAppendOnly } from './append-only.ts';
import { type RedisClient, writersOf } from './connection.ts';
import { explainFailure, failureOf, type RedisFailure } from './explain-failure.ts';
import { isTlsSuspect } from './explain-unreachable.ts';
import { combineReasons, judgePosture, type Posture, type PostureReasons, REWRITING, readPosture } from './posture.ts';

export type DurabilityGateOptions = {
  readonly redis: RedisClient;
  readonly durability: Durability;
  /** How long Redis may take to report its posture, in milliseconds. */
  readonly timeoutMs: number;
  /** Finds out why a connection fails, beyond its error. Never rejects. */
  readonly explain: (error: unknown) => Promise<RedisFailure>;
  /** Called with what is wrong, whenever that changes. */
  readonly onChange: (reasons: PostureReasons) => void;
};

/** Redis confirmed a write, but it does not count as stored. */
class NotDurableError extends Error {
  override readonly name = 'NotDurableError';
}

/** How often the posture is read, in milliseconds: the settings of a running Redis may be changed. */
const INTERVAL_MS = 2000;

/** Minimum time between reconnects because of a read-only replica, in milliseconds. */
const RECONNECT_MS = 4000;

const NOT_REACHED: PostureReasons = { redis: 'Redis has not been reached yet.' };

/**
 * Decides whether writes that Redis confirms count as stored. Closed until the posture of Redis has been read, while Redis
 * is unavailable, and while it is less durable than DURABILITY requires. Reconnects when a connection leads to a read-only
 * replica, because the next one may lead to the primary.
 */
export class DurabilityGate implements Gate, Disposable {
  readonly #options: DurabilityGateOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #files = new LoadableFiles();
  #reasons: PostureReasons = NOT_REACHED;
  /** Sentence about the latest failure of the connection; null once Redis has answered again. */
  #failure: string | null = null;
  #wasReached = false;
  #isExplaining = false;
  #connections = 0;
  #droppedAt = Number.NEGATIVE_INFINITY;
  /** Checks now; concurrent checks share one. */
  readonly refresh = shareCall(() => this.#read());

  constructor(options: DurabilityGateOptions) {
    this.#options = options;
    const { redis } = options;
    // A cluster only reports that it could not reach any node. The reason is in the errors of its nodes.
    let nodeError: unknown;
    redis.on('ready', () => {
      nodeError = undefined;
      this.refresh();
    });
    redis.on('node error', (error: unknown) => {
      nodeError = error;
    });
    redis.on('error', (error: unknown) => this.#onError(nodeError ?? error));
    redis.on('close', () => {
      this.#connections += 1;
      if (this.#failure === null) this.#onError(new Error('Connection is closed'));
      else this.#fail(this.#failure);
    });
    this.#timer = setInterval(() => this.refresh(), INTERVAL_MS).unref();
    if (redis.status === 'ready') this.refresh();
  }

  get isOpen(): boolean {
    return this.#reasons.redis === undefined && this.#reasons.durability === undefined;
  }

  /** What is wrong, as of the last check. */
  get reasons(): PostureReasons {
    return this.#reasons;
  }

  /** Whether writes do not count only because a rewrite of the append-only file is running, which ends by itself. */
  get isRecovering(): boolean {
    return this.#reasons.redis === undefined && this.#reasons.durability === REWRITING;
  }

  /**
   * Confirms that a write counts as stored, although the posture may have changed since it was read.
   *
   * @param report what Redis reported about its append-only file together with the write; '' if the file is on and in order
   * @throws NotDurableError if the write does not count
   */
  async confirm(report: string): Promise<void> {
    if (report === '' || this.#options.durability.level === 'none') return;
    const file = readAppendOnly(parseInfo(report));
    if (this.#files.isKnownLoadable(file) && file.isWriteOk) return;
    const connections = this.#connections;
    await this.#read();
    // Only the process that confirmed the write certainly has it: another one may have lost what was not in the file.
    const isSame = this.#options.redis instanceof Redis && connections === this.#connections;
    if (!file.isOn || !isSame || !this.isOpen)
      throw new NotDurableError('Redis may be unable to load its append-only file');
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    const { redis, timeoutMs } = this.#options;
    const deadline = createDeadline(timeoutMs);
    try {
      if (redis.status === 'connect') await this.#readLoading(redis);
      if (redis.status !== 'ready') return;
      this.#judge(await deadline.within(Promise.all(writersOf(redis).map(readPosture))));
    } catch (error) {
      if (redis.status === 'ready') this.#fail(explainFailure(error).sentence);
      else if (this.#failure === null) this.#onError(error);
      else this.#fail(this.#failure);
    }
  }

  /** Until Redis is first reached, the settings may be wrong: a probe explains connections that end or hang. */
  #onError(error: unknown): void {
    const failure = explainFailure(error);
    if (this.#wasReached || !isTlsSuspect(failure)) {
      this.#fail(failure.sentence);
      return;
    }
    if (this.#isExplaining) return;
    this.#isExplaining = true;
    this.#options.explain(error).then(({ sentence }) => {
      this.#isExplaining = false;
      if (!this.#wasReached) this.#fail(sentence);
    });
  }

  /** While Redis loads its data, its connections are not ready, but INFO is answered. */
  async #readLoading(redis: RedisClient): Promise<void> {
    const fields = parseInfo(await createDeadline(this.#options.timeoutMs).within(redis.info('persistence')));
    if (fields.get('loading') === '1') this.#fail(failureOf('loading').sentence);
  }

  #judge(postures: readonly Posture[]): void {
    const { redis, durability } = this.#options;
    if (postures.length === 0 || redis.status !== 'ready') {
      this.#fail(failureOf('lost').sentence);
      return;
    }
    this.#failure = null;
    this.#wasReached = true;
    this.#files.beginRead();
    const reasons = postures.map((posture) =>
      judgePosture(posture, { durability, isLoadable: this.#files.read(posture.appendOnly, posture.epoch) }),
    );
    this.#set(combineReasons(reasons));
    if (postures.some(({ role }) => role !== 'master')) this.#leaveReplica();
  }

  /** The address may lead to the primary by now; at most once per RECONNECT_MS, because it may lead to a replica again. */
  #leaveReplica(): void {
    const { redis } = this.#options;
    if (performance.now() - this.#droppedAt < RECONNECT_MS) return;
    this.#droppedAt = performance.now();
    this.#failure = failureOf('read-only replica').sentence;
    if (redis instanceof Redis) redis.disconnect(true);
    else redis.refreshSlotsCache();
  }

  #fail(sentence: string): void {
    this.#failure = sentence;
    this.#set({ redis: sentence });
  }

  #set(reasons: PostureReasons): void {
    const isSame = JSON.stringify(reasons) === JSON.stringify(this.#reasons);
    this.#reasons = reasons;
    if (!isSame) this.#options.onChange(reasons);
  }
}
