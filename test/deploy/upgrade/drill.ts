import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { payoutFields, post, sign } from '../../support/callback.ts';
import { ReceiverProcess } from '../../support/receiver-process.ts';
import { openSingle } from '../../support/topologies/open-single.ts';
import type { Topology } from '../../support/topologies/topology.ts';
import { until } from '../../support/until.ts';
import { checkOut } from './releases.ts';
import { compareHandled, startWorker, type Worker } from './start-worker.ts';

/** A step of the drill, and how many callbacks were acknowledged and were in the spools after it. */
type Step = { readonly step: string; readonly acknowledged: number; readonly spooled: number };

export type DrillReport = {
  readonly steps: readonly Step[];
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly handledTwice: readonly string[];
  /** Events by the worker that handled them. */
  readonly handledBy: Readonly<Record<string, number>>;
};

const SECRET = 'drill-secret-not-real';
const ROUND = 40;
const WAIT_MS = 60_000;

const callbackOf = (transactionId: string): string =>
  sign(payoutFields({ mchOrderId: `ORDER-${transactionId}`, transactionId }), SECRET);

/** A rolling upgrade and a rollback under constant callbacks, each of which is sent to two receivers. */
class Drill implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #topology: Topology;
  readonly #sources: Readonly<Record<'old' | 'new', string>>;
  readonly #folder: string;
  readonly #steps: Step[] = [];
  readonly #acknowledged: string[] = [];
  #receivers: ReceiverProcess[] = [];
  readonly #ofThisRelease = new WeakSet<ReceiverProcess>();
  #count = 0;

  constructor(oldCommit: string, topology: Topology) {
    this.#topology = topology;
    this.#folder = mkdtempSync(join(tmpdir(), 'paycools-upgrade-'));
    this.#stack.defer(() => rmSync(this.#folder, { recursive: true, force: true }));
    this.#sources = { old: checkOut(oldCommit, join(this.#folder, 'old')), new: resolve('src') };
  }

  async run(): Promise<DrillReport> {
    const { url, nodes } = this.#topology;
    this.#receivers = [await this.#startReceiver('old', 'a', url), await this.#startReceiver('old', 'b', url)];
    const workers = [await this.#startWorker('old', url), await this.#startWorker('new', url)];
    await this.#post('old and old');
    await this.#replace(0, 'new', 'a', url);
    await this.#post('new and old');
    for (const node of nodes) await node.stop();
    await this.#post('new and old, Redis is down');
    await this.#replace(1, 'new', 'b', url, { isReady: false });
    await this.#replace(0, 'old', 'a', url, { isReady: false });
    for (const node of nodes) await node.start();
    await this.#untilReady();
    await this.#post('old again and new, each with the spool of the other');
    await this.#replace(0, 'new', 'a', url);
    await this.#post('new and new');
    const handled = (): string[] => workers.flatMap((worker) => worker.handled);
    const isDone = async (): Promise<boolean> => new Set(handled()).size >= this.#acknowledged.length;
    await until(isDone, { what: 'every callback is handled', timeoutMs: WAIT_MS }).catch(() => undefined);
    for (const worker of workers) await worker.stop();
    return this.#report(workers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const receiver of this.#receivers) await receiver[Symbol.asyncDispose]();
    await this.#stack.disposeAsync();
  }

  #report(workers: readonly Worker[]): DrillReport {
    const handled = workers.flatMap((worker) => worker.handled);
    return {
      steps: this.#steps,
      acknowledged: this.#acknowledged.length,
      ...compareHandled(this.#acknowledged, handled),
      handledBy: Object.fromEntries(workers.map((worker) => [worker.name, worker.handled.length])),
    };
  }

  async #startWorker(release: 'old' | 'new', url: string): Promise<Worker> {
    const worker = await startWorker(`${release} worker`, this.#sources[release], url);
    this.#stack.defer(worker.stop);
    return worker;
  }

  async #startReceiver(release: 'old' | 'new', name: string, url: string): Promise<ReceiverProcess> {
    const env = {
      ...this.#topology.env,
      REDIS_URL: url,
      PAYCOOLS_CALLBACK_SECRET: SECRET,
      SPOOL_DIR: join(this.#folder, `spool-${name}`),
    };
    const receiver = await ReceiverProcess.start({ env, source: this.#sources[release] });
    if (release === 'new') this.#ofThisRelease.add(receiver);
    return receiver;
  }

  /** Stops a replica and starts another release on its spool, while the other replica takes the callbacks. */
  async #replace(
    index: number,
    release: 'old' | 'new',
    name: string,
    url: string,
    { isReady = true }: { readonly isReady?: boolean } = {},
  ): Promise<void> {
    const before = this.#receivers[index];
    this.#receivers = this.#receivers.filter((it) => it !== before);
    const restarting = async (): Promise<ReceiverProcess> => {
      await before?.terminate();
      return this.#startReceiver(release, name, url);
    };
    const [after] = await Promise.all([restarting(), this.#postMany()]);
    this.#receivers.splice(index, 0, after);
    if (isReady) await this.#untilReady();
  }

  /** An old receiver keeps duplicates of what a new one stored in its spool, until a new one takes over that spool. */
  async #untilReady(): Promise<void> {
    const areReady = async (): Promise<boolean> =>
      (await Promise.all(this.#receivers.map((it) => it.isReady()))).every((it) => it);
    await until(areReady, { what: 'every receiver is ready', timeoutMs: WAIT_MS });
    const draining = this.#receivers.filter((it) => this.#ofThisRelease.has(it));
    const isDrained = async (): Promise<boolean> =>
      (await Promise.all(draining.map((it) => it.metric('paycools_spool_events')))).every((it) => it === 0);
    await until(isDrained, { what: 'every spool of a new receiver is empty', timeoutMs: WAIT_MS });
  }

  async #post(step: string): Promise<void> {
    const acknowledged = await this.#postMany();
    const spooled = await Promise.all(this.#receivers.map((it) => it.metric('paycools_spool_events')));
    this.#steps.push({ step, acknowledged, spooled: spooled.reduce<number>((sum, it) => sum + (it ?? 0), 0) });
  }

  /** Returns how many callbacks were acknowledged, counting duplicates once. */
  async #postMany(): Promise<number> {
    let acknowledged = 0;
    for (let index = 0; index < ROUND; index += 1) {
      this.#count += 1;
      const transaction = `DRILL${this.#count}`;
      const replies = await this.#postTwice(callbackOf(transaction));
      if (!replies.includes(200)) continue;
      this.#acknowledged.push(transaction);
      acknowledged += 1;
    }
    return acknowledged;
  }

  async #postTwice(body: string): Promise<number[]> {
    const statuses: number[] = [];
    for (const offset of [0, 1]) {
      const receiver = this.#receivers[(this.#count + offset) % this.#receivers.length];
      statuses.push((await post(`${receiver?.publicUrl}/callbacks/payout`, body)).status);
    }
    return statuses;
  }
}

/**
 * Upgrades two replicas from a commit to these sources and back while callbacks arrive, and counts the handled events.
 *
 * @param open opens the Redis; default a single one
 */
export const drillUpgrade = async (oldCommit: string, open = openSingle): Promise<DrillReport> => {
  await using topology = await open();
  await using drill = new Drill(oldCommit, topology);
  return await drill.run();
};
