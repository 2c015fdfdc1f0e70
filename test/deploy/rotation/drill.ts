import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '../../../scripts/redis-server.ts';
import { until } from '../../support/until.ts';
import { commandBlocks, shell } from '../commands.ts';
import { compareHandled, startWorker, type Worker } from '../upgrade/start-worker.ts';
import { type BackOffice, startBackOffice } from './back-office.ts';
import { startFront } from './front.ts';
import { keyFiles, Receivers, type RotationMethod } from './receivers.ts';

export type RotationReport = {
  /** The steps, and how many callbacks arrived during each. */
  readonly steps: readonly { readonly step: string; readonly callbacks: number }[];
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly handledTwice: readonly string[];
  /** Events that PayCools did not confirm in time. */
  readonly unconfirmed: number;
  /** Receivers that refused a callback. */
  readonly refused: number;
  /** Calls that PayCools refused while the receivers had the old key; those confirmations waited. */
  readonly refusedCalls: number;
  /** Events that a reconciliation of the day would still emit afterwards. */
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
const PAUSE_MS = 25;
/** Minimum number of callbacks between two steps. */
const PER_STEP = 25;
const WAIT_MS = 90_000;
const HEADING = 'Change the callback secret and the API key, step by step';
const PAYCOOLS = `paycools() { "${process.execPath}" src/cli/main.ts "$@"; }\n`;

class RotationDrill implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #method: RotationMethod;
  readonly #steps: { step: string; callbacks: number }[] = [];
  #folder = '';
  #paid = 0;

  constructor(method: RotationMethod) {
    this.#method = method;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  async run(): Promise<RotationReport> {
    const { receivers, backOffice, worker, env } = await this.#start();
    const orders = await backOffice.createAccounts(ACCOUNTS, this.#read('private-key.pem'));
    const stop = new AbortController();
    const traffic = this.#payAll(backOffice, orders, stop.signal);
    traffic.catch(() => undefined); // awaited below
    const [takeSecret = '', makeKey = '', takeKey = '', forget = '', check = ''] = commandBlocks('upgrading', HEADING);

    await this.#step('the old keys', async () => undefined);
    writeFileSync(join(this.#folder, 'callback-secret.new'), 'second-secret-not-real');
    await this.#step('the receivers know both callback secrets', async () => {
      await this.#runCommands(takeSecret);
      await receivers.takeKeys(true);
    });
    await this.#step('the back office has the new callback secret', () =>
      backOffice.change({ callbackSecret: this.#read('callback-secret') }),
    );
    await this.#step('the back office has the new public key, and refuses calls', async () => {
      await this.#runCommands(makeKey);
      await backOffice.change({ publicKey: this.#read('public-key.txt').trim() });
    });
    const refusedCalls = (await receivers.metrics()).map(refusedCallsIn).reduce((sum, count) => sum + count, 0);
    await this.#step('the receivers sign with the new key', async () => {
      await this.#runCommands(takeKey);
      await receivers.takeKeys(true);
    });
    await this.#step('the receivers forget the old callback secret', async () => {
      await this.#runCommands(forget);
      await receivers.takeKeys(false);
    });
    stop.abort();
    await traffic;
    const payments = await backOffice.payments();
    const isHandled = async (): Promise<boolean> => new Set(worker.handled).size >= payments.length;
    await until(isHandled, { what: 'every event is handled', timeoutMs: WAIT_MS }).catch(() => undefined);
    const day = JSON.parse(await this.#runCommands(check, env));
    return this.#report({ payments, worker, emitted: day.emitted, metrics: await receivers.metrics(), refusedCalls });
  }

  async #start() {
    const stack = this.#stack;
    this.#folder = await mkdtemp(join(tmpdir(), 'paycools-rotation-'));
    stack.defer(() => rm(this.#folder, { recursive: true, force: true }));
    writeFileSync(join(this.#folder, 'callback-secret'), 'first-secret-not-real');
    await this.#runCommands('paycools keys generate --out "$SECRETS/private-key.pem"');
    const redis = stack.use(await startRedis({ dataDir: join(this.#folder, 'redis'), say: () => undefined }));
    const front = stack.use(await startFront());
    const keys = keyFiles(this.#folder, false);
    const backOffice = await startBackOffice(`${front.url}/callbacks`, keys);
    stack.defer(backOffice.stop);
    const service = { REDIS_URL: redis.url, RECONCILE_RATE: '100' };
    const merchant = { PAYCOOLS_BASE_URL: backOffice.url, PAYCOOLS_APP_ID: backOffice.appId, CONFIRM: 'always' };
    const options = { method: this.#method, front, folder: this.#folder, service, merchant };
    const receivers = stack.use(await Receivers.start(options));
    const worker = await startWorker('worker', resolve('src'), redis.url);
    stack.defer(worker.stop);
    return { receivers, backOffice, worker, env: { ...service, ...merchant, ...keys, PORT: '0', OPS_PORT: '0' } };
  }

  /** Pays into one account after another until the signal is aborted, so that callbacks keep arriving. */
  async #payAll(backOffice: BackOffice, orders: readonly string[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await backOffice.pay(orders[this.#paid % orders.length] ?? '');
      this.#paid += 1;
      await sleep(PAUSE_MS);
    }
  }

  /** Does a step and waits until callbacks have arrived after it. */
  async #step(step: string, act: () => Promise<void>): Promise<void> {
    const before = this.#paid;
    await act();
    const enough = this.#paid + PER_STEP;
    await until(async () => this.#paid >= enough, { what: `callbacks after: ${step}`, timeoutMs: WAIT_MS });
    this.#steps.push({ step, callbacks: this.#paid - before });
  }

  /** Runs commands of the page. */
  #runCommands(commands: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    return shell(`${PAYCOOLS}\n${commands}`, { SECRETS: this.#folder, ...env });
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }

  #report({ payments, worker, emitted, metrics, refusedCalls }: Outcome): RotationReport {
    return {
      steps: this.#steps,
      acknowledged: payments.length,
      ...compareHandled(payments, worker.handled),
      unconfirmed: worker.flags.filter((flag) => flag === 'unconfirmed').length,
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
 * Changes both keys of a merchant with the commands of docs/upgrading.md while two receivers take callbacks, and counts
 * the events that a worker handled.
 */
export const drillRotation = async (method: RotationMethod): Promise<RotationReport> => {
  await using drill = new RotationDrill(method);
  return await drill.run();
};
