import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReceiverProcess } from '../../support/receiver-process.ts';
import { until } from '../../support/until.ts';
import type { Front } from './front.ts';

/** How receivers take new keys: restarted one after another, or reading MERCHANTS_FILE again. */
export type Way = 'restart' | 'reload';

type Variables = Readonly<Record<string, string>>;

export type ReceiversOptions = {
  readonly way: Way;
  readonly front: Front;
  /** The folder with the files of the keys; the spools are there too. */
  readonly folder: string;
  /** Variables of the service, and of its merchant. */
  readonly service: Variables;
  readonly merchant: Variables;
};

const WAIT_MS = 90_000;
const NAMES = ['a', 'b'] as const;

/** The variables with the files of the keys; with that of the previous secret where it is still valid. */
export const keyFiles = (folder: string, hasPrevious: boolean): Variables => ({
  PAYCOOLS_CALLBACK_SECRET_FILE: join(folder, 'callback-secret'),
  PAYCOOLS_PRIVATE_KEY_FILE: join(folder, 'private-key.pem'),
  ...(hasPrevious ? { PAYCOOLS_CALLBACK_SECRET_PREVIOUS_FILE: join(folder, 'callback-secret.old') } : {}),
});

/** Two receivers behind a front, whose keys change while they take callbacks. */
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

  /** Lets every receiver read its keys again; one that restarts gets no callbacks meanwhile. */
  async takeKeys(hasPrevious: boolean): Promise<void> {
    this.#writeMerchants(hasPrevious);
    for (const name of NAMES) {
      if (this.#options.way === 'restart') await this.#restart(name, hasPrevious);
      else process.kill(this.#running.get(name)?.pid ?? 0, 'SIGHUP');
    }
    const secrets = hasPrevious ? 2 : 1;
    const count = async (): Promise<readonly number[]> =>
      (await this.metrics()).map((text) => (text.match(/^paycools_key_info\{.*sha1-secret/gm) ?? []).length);
    const know = async (): Promise<boolean> => (await count()).every((it) => it === secrets);
    await until(know, { what: `every receiver knows ${secrets} callback secrets`, timeoutMs: WAIT_MS });
  }

  /** What each receiver reports of itself. */
  metrics(): Promise<readonly string[]> {
    const all = [...this.#running.values()];
    return Promise.all(all.map(async ({ opsUrl }) => (await fetch(`${opsUrl}/metrics`)).text()));
  }

  async #start(name: string, hasPrevious: boolean): Promise<void> {
    const { way, front, folder, service, merchant } = this.#options;
    const keys = { ...merchant, ...keyFiles(folder, hasPrevious) };
    const own = { ...service, SPOOL_DIR: join(folder, `spool-${name}`) };
    const env = way === 'restart' ? { ...own, ...keys } : { ...own, MERCHANTS_FILE: this.#merchantsFile };
    const receiver = await ReceiverProcess.start({ env });
    this.#running.set(name, receiver);
    await until(() => receiver.isReady(), { what: 'the receiver is ready', timeoutMs: WAIT_MS });
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
