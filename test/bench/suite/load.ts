import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { end, track } from '../../support/children.ts';
import type { Batch } from './bodies.ts';

export type LoadTask = {
  /** Ports of the servers, which get equal numbers of connections. */
  readonly ports: readonly number[];
  readonly batch: Batch;
  readonly connections: number;
  /** Requests per second; null for as many as possible. */
  readonly rate: number | null;
  readonly seconds: number;
  /** Whether to send the bodies again after the last one; only for servers that ignore them. */
  readonly mayRepeat: boolean;
};

export type Latency = { readonly p50: number; readonly p99: number; readonly p999: number };

export type LoadResult = {
  /** Answered with 200. */
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
  /** NaN without a rate. */
  readonly latencyMs: Latency;
};

/** The process that generates the load. */
export class Load implements AsyncDisposable {
  readonly #child: ChildProcess = track(
    fork(`${import.meta.dirname}/load-process.ts`, { execArgv: ['--max-semi-space-size=64', '--expose-gc'] }),
  );

  /** @param hooks called right before the first request and right after the last reply */
  async run(task: LoadTask, hooks: { readonly before: () => void; readonly after: () => void }): Promise<LoadResult> {
    this.#child.send(task);
    await once(this.#child, 'message');
    hooks.before();
    this.#child.send('go');
    const [result] = await once(this.#child, 'message');
    hooks.after();
    return result as LoadResult;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child, 'SIGKILL');
  }
}
