import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '../../../scripts/redis-server.ts';
import { until } from '../../support/until.ts';
import { blocksOf, shell } from '../commands.ts';
import { startWorker, type Worker } from '../upgrade/start-worker.ts';
import { type BackOffice, startBackOffice } from './back-office.ts';
import { startFront } from './front.ts';
import { keyFiles, Receivers, type Way } from './receivers.ts';

export type RotationReport = {
  /** What was done, and how many callbacks arrived meanwhile. */
  readonly steps: readonly { readonly step: string; readonly callbacks: number }[];
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly handledTwice: readonly string[];
  /** Events that PayCools did not confirm in time. */
  readonly unconfirmed: number;
  /** Receivers that refused a callback. */
  readonly refused: number;
  /** Calls that PayCools refused while the receivers had the old key: what they asked about waited. */
  readonly refusedCalls: number;
  /** What a reconciliation of the day would have to emit afterwards. */
  readonly missing: number;
};

type Outcome = {
  readonly payments: readonly string[];
  readonly worker: Worker;
  readonly emitted: number;
  readonly metrics: readonly string[];
  readonly refusedCalls: number;
};

const ACCOUNTS = 20;
const BETWEEN_MS = 25;
/** Callbacks that arrive at least between two steps. */
const PER_STEP = 25;
const WAIT_MS = 90_000;
const HEADING = 'Change the callback secret and the API key, step by step';
const PAYCOOLS = `paycools() { "${process.execPath}" src/cli/main.ts "$@"; }\n`;

class RotationDrill implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #way: Way;
  readonly #steps: { step: string; callbacks: number }[] = [];
  #folder = '';
  #paid = 0;

  constructor(way: Way) {
    this.#way = way;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  async run(): Promise<RotationReport> {
    const { receivers, backOffice, worker, env } = await this.#start();
    const orders = await backOffice.createAccounts(ACCOUNTS, this.#read('private-key.pem'));
    const stop = new AbortController();
    const traffic = this.#payAll(backOffice, orders, stop.signal);
    traffic.catch(() => undefined); // it is awaited below
    const [takeSecret = '', makeKey = '', takeKey = '', forget = '', check = ''] = blocksOf('upgrading', HEADING);

    await this.#step('the old keys', async () => undefined);
    writeFileSync(join(this.#folder, 'callback-secret.new'), 'second-secret-not-real');
    await this.#step('the receivers know both callback secrets', async () => {
      await this.#type(takeSecret);
      await receivers.takeKeys(true);
    });
    await this.#step('the back office has the new callback secret', () =>
      backOffice.change({ callbackSecret: this.#read('callback-secret') }),
    );
    await this.#step('the back office has the new public key, and refuses calls', async () => {
      await this.#type(makeKey);
      await backOffice.change({ publicKey: this.#read('public-key.txt').trim() });
    });
    const refusedCalls = (await receivers.metrics()).map(refusedCallsIn).reduce((sum, count) => sum + count, 0);
    await this.#step('the receivers sign with the new key', async () => {
      await this.#type(takeKey);
      await receivers.takeKeys(true);
    });
    await this.#step('the receivers forget the old callback secret', async () => {
      await this.#type(forget);
      await receivers.takeKeys(false);
    });
    stop.abort();
    await traffic;
    const payments = await backOffice.payments();
    const isHandled = async (): Promise<boolean> => new Set(worker.handled).size >= payments.length;
    await until(isHandled, { what: 'every event is handled', timeoutMs: WAIT_MS }).catch(() => undefined);
    const day = JSON.parse(await this.#type(check, env));
    return this.#report({ payments, worker, emitted: day.emitted, metrics: await receivers.metrics(), refusedCalls });
  }

  async #start() {
    const stack = this.#stack;
    this.#folder = await mkdtemp(join(tmpdir(), 'paycools-rotation-'));
    stack.defer(() => rm(this.#folder, { recursive: true, force: true }));
    writeFileSync(join(this.#folder, 'callback-secret'), 'first-secret-not-real');
    await this.#type('paycools keys generate --out "$SECRETS/private-key.pem"');
    const redis = stack.use(await startRedis({ dataDir: join(this.#folder, 'redis'), say: () => undefined }));
    const front = stack.use(await startFront());
    const keys = keyFiles(this.#folder, false);
    const backOffice = await startBackOffice(`${front.url}/callbacks`, keys);
    stack.defer(backOffice.stop);
    const service = { REDIS_URL: redis.url, RECONCILE_RATE: '100' };
    const merchant = { PAYCOOLS_BASE_URL: backOffice.url, PAYCOOLS_APP_ID: backOffice.appId, CONFIRM: 'always' };
    const options = { way: this.#way, front, folder: this.#folder, service, merchant };
    const receivers = stack.use(await Receivers.start(options));
    const worker = await startWorker('worker', resolve('src'), redis.url);
    stack.defer(worker.stop);
    return { receivers, backOffice, worker, env: { ...service, ...merchant, ...keys, PORT: '0', OPS_PORT: '0' } };
  }

  /** Pays into one account after another until it is enough: callbacks keep arriving. */
  async #payAll(backOffice: BackOffice, orders: readonly string[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await backOffice.pay(orders[this.#paid % orders.length] ?? '');
      this.#paid += 1;
      await sleep(BETWEEN_MS);
    }
  }

  /** Does something, and waits until callbacks have arrived meanwhile and afterwards. */
  async #step(step: string, act: () => Promise<void>): Promise<void> {
    const before = this.#paid;
    await act();
    const enough = this.#paid + PER_STEP;
    await until(async () => this.#paid >= enough, { what: `callbacks after: ${step}`, timeoutMs: WAIT_MS });
    this.#steps.push({ step, callbacks: this.#paid - before });
  }

  /** Types commands of the page. */
  #type(commands: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    return shell(`${PAYCOOLS}\n${commands}`, { SECRETS: this.#folder, ...env });
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }

  #report({ payments, worker, emitted, metrics, refusedCalls }: Outcome): RotationReport {
    const { handled, flags } = worker;
    const once = new Set(handled);
    return {
      steps: this.#steps,
      acknowledged: payments.length,
      lost: payments.filter((it) => !once.has(it)),
      handledTwice: [...once].filter((it) => handled.filter((other) => other === it).length > 1),
      unconfirmed: flags.filter((flag) => flag === 'unconfirmed').length,
      refused: metrics.filter((text) => /^paycools_callbacks_total\{.*"forged".* [1-9]/m.test(text)).length,
      refusedCalls,
      missing: emitted,
    };
  }
}

const refusedCallsIn = (metrics: string): number =>
  [...metrics.matchAll(/^paycools_client_requests_total\{.*outcome="api-error".*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );

/**
 * Changes both keys of a merchant by the commands of docs/upgrading.md while two receivers take callbacks, and counts what
 * a worker handled.
 */
export const drillRotation = async (way: Way): Promise<RotationReport> => {
  await using drill = new RotationDrill(way);
  return await drill.run();
};
