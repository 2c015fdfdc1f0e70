import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReceiverProcess } from '../../support/receiver-process.ts';
import { until } from '../../support/until.ts';
import type { Front } from './front.ts';

/** How receivers get new keys: by a restart one after another, or by reloading MERCHANTS_FILE. */
export type RotationMethod = 'restart' | 'reload';

type Variables = Readonly<Record<string, string>>;

export type ReceiversOptions = {
  readonly method: RotationMethod;
  readonly front: Front;
  /** Folder of the key files and the spools. */
  readonly folder: string;
  /** Variables of the service, and of its merchant. */
  readonly service: Variables;
  readonly merchant: Variables;
};

const WAIT_MS = 90_000;
const NAMES = ['a', 'b'] as const;

/** The variables that name the key files, with the previous secret while it is still valid. */
export const keyFiles = (folder: string, hasPrevious: boolean): Variables => ({
  PAYCOOLS_CALLBACK_SECRET_FILE: join(folder, 'callback-secret'),
  PAYCOOLS_PRIVATE_KEY_FILE: join(folder, 'private-key.pem'),
  ...(hasPrevious ? { PAYCOOLS_CALLBACK_SECRET_PREVIOUS_FILE: join(folder, 'callback-secret.old') } : {}),
});

/** Two receivers behind a load balancer, whose keys change while they take callbacks. */
export class Receivers implements AsyncDisposable {
  readonly #options: ReceiversOptions;
  readonly #running = new Map<string, ReceiverProcess>();

  private constructor(options: ReceiversOptions) {
    this.#options = options;
  }

  static async start(options: ReceiversOptions): Promise<Receivers> {
    const receivers = new Receivers(options);
    receivers.#writeMerchants(false);
    for (const name of NAMES) await receivers.#start(name, false);
    return receivers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const receiver of this.#running.values()) await receiver[Symbol.asyncDispose]();
  }

  /** Makes every receiver read its keys again. It gets no callbacks during a restart. */
  async takeKeys(hasPrevious: boolean): Promise<void> {
    this.#writeMerchants(hasPrevious);
    for (const name of NAMES) {
      if (this.#options.method === 'restart') await this.#restart(name, hasPrevious);
      else process.kill(this.#running.get(name)?.pid ?? 0, 'SIGHUP');
    }
    const secrets = hasPrevious ? 2 : 1;
    const count = async (): Promise<readonly number[]> =>
      (await this.metrics()).map((text) => (text.match(/^paycools_key_info\{.*sha1-secret/gm) ?? []).length);
    const areKnown = async (): Promise<boolean> => (await count()).every((it) => it === secrets);
    await until(areKnown, { what: `every receiver knows ${secrets} callback secrets`, timeoutMs: WAIT_MS });
  }

  /** The metrics of each receiver. */
  metrics(): Promise<readonly string[]> {
    const all = [...this.#running.values()];
    return Promise.all(all.map(async ({ opsUrl }) => (await fetch(`${opsUrl}/metrics`)).text()));
  }

  async #start(name: string, hasPrevious: boolean): Promise<void> {
    const { method, front, folder, service, merchant } = this.#options;
    const keys = { ...merchant, ...keyFiles(folder, hasPrevious) };
    const own = { ...service, SPOOL_DIR: join(folder, `spool-${name}`) };
    const env = method === 'restart' ? { ...own, ...keys } : { ...own, MERCHANTS_FILE: this.#merchantsFile };
    const receiver = await ReceiverProcess.start({ env });
    this.#running.set(name, receiver);
    await receiver.untilReady(WAIT_MS);
    front.targets = [...front.targets, receiver.publicUrl];
  }

  async #restart(name: string, hasPrevious: boolean): Promise<void> {
    const { front } = this.#options;
    const old = this.#running.get(name);
    front.targets = front.targets.filter((url) => url !== old?.publicUrl);
    const code = await old?.terminate();
    if (code !== 0) throw new Error(`receiver ${name} ended with ${code}`);
    await this.#start(name, hasPrevious);
  }

  get #merchantsFile(): string {
    return join(this.#options.folder, 'merchants.json');
  }

  #writeMerchants(hasPrevious: boolean): void {
    const { folder, merchant } = this.#options;
    writeFileSync(this.#merchantsFile, JSON.stringify({ default: { ...merchant, ...keyFiles(folder, hasPrevious) } }));
  }
}
