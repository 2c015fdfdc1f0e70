import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { freePort } from '../../scripts/redis-server.ts';
import { end, isRunning, track } from './children.ts';
import { until } from './until.ts';

export type ReceiverOptions = {
  readonly env: Readonly<Record<string, string>>;
  /** Folder of its sources. Default `src`. */
  readonly source?: string;
  /** Arguments of Node.js itself. */
  readonly nodeArgs?: readonly string[];
};

const START_TIMEOUT_MS = 20_000;
const LAST_LINES = 40;

/** The service as a real process on fixed ports, which can be killed and started again. */
export class ReceiverProcess implements AsyncDisposable {
  readonly publicUrl: string;
  readonly opsUrl: string;
  /** Exits that nobody asked for, each with its code or signal and its last lines. */
  readonly unexpectedExits: string[] = [];
  /** The last lines of its output. */
  readonly lines: string[] = [];
  readonly #options: ReceiverOptions;
  #child: ChildProcess | undefined;
  #isStopping = false;

  private constructor(ports: { readonly public: number; readonly ops: number }, options: ReceiverOptions) {
    this.publicUrl = `http://127.0.0.1:${ports.public}`;
    this.opsUrl = `http://127.0.0.1:${ports.ops}`;
    const defaults = { HOST: '127.0.0.1', PORT: String(ports.public), OPS_PORT: String(ports.ops), LOG_LEVEL: 'warn' };
    this.#options = { ...options, env: { ...defaults, ...options.env } };
  }

  static async start(options: ReceiverOptions): Promise<ReceiverProcess> {
    const receiver = new ReceiverProcess({ public: await freePort(), ops: await freePort() }, options);
    await receiver.start();
    return receiver;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** True from the request to stop until the next start. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Starts it (again) and waits until it listens. */
  async start(): Promise<void> {
    const { env, source = 'src', nodeArgs = [] } = this.#options;
    const child = track(
      spawn(process.execPath, [...nodeArgs, `${source}/main.ts`], {
        env: { ...process.env, NO_COLOR: '1', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    this.#child = child;
    this.#isStopping = false;
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', (line) => this.#keep(line));
    child.once('exit', (code, signal) => {
      if (!this.#isStopping) this.unexpectedExits.push(`${code ?? signal}: ${this.lines.slice(-5).join(' | ')}`);
    });
    await until(() => this.#listens(child), { what: 'the receiver listens', timeoutMs: START_TIMEOUT_MS });
    if (!isRunning(child)) throw new Error(`the receiver did not start:\n${this.lines.join('\n')}`);
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Sends SIGTERM. Returns the exit code. */
  async terminate(): Promise<number | null> {
    await this.#end('SIGTERM');
    return this.#child?.exitCode ?? null;
  }

  async isReady(): Promise<boolean> {
    const answer = await fetch(`${this.opsUrl}/readyz`, { signal: AbortSignal.timeout(5000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  }

  async untilReady(timeoutMs: number): Promise<void> {
    await until(() => this.isReady(), { what: 'the receiver is ready', timeoutMs });
  }

  /** Waits until the spool is empty. */
  async untilDrained(timeoutMs: number): Promise<void> {
    const isDrained = async (): Promise<boolean> => (await this.metric('paycools_spool_events')) === 0;
    await until(isDrained, { what: 'the spool is empty', timeoutMs });
  }

  /** The complaints of `/readyz`, by check. */
  async reasons(): Promise<Readonly<Record<string, string>>> {
    const answer = await fetch(`${this.opsUrl}/readyz`, { signal: AbortSignal.timeout(5000) });
    return ((await answer.json()) as { reasons: Record<string, string> }).reasons;
  }

  /** The value of a metric without labels; null if there is none of that name. */
  async metric(name: string): Promise<number | null> {
    const answer = await fetch(`${this.opsUrl}/metrics`, { signal: AbortSignal.timeout(5000) });
    const line = (await answer.text()).split('\n').find((text) => text.startsWith(`${name} `));
    return line === undefined ? null : Number(line.split(' ')[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#isStopping = true;
    if (this.#child !== undefined) await end(this.#child, signal);
  }

  async #listens(child: ChildProcess): Promise<boolean> {
    if (!isRunning(child)) return true;
    // The public listener is the last to be opened.
    return (await fetch(`${this.publicUrl}/healthz`)).ok;
  }

  #keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length > LAST_LINES) this.lines.shift();
  }
}
