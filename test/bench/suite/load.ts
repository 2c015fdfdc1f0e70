import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { end, track } from '../../support/children.ts';
import type { Batch } from './bodies.ts';

export type LoadTask = {
  /** Where to; connections are shared out evenly. */
  readonly ports: readonly number[];
  readonly batch: Batch;
  readonly connections: number;
  /** Requests a second; null for as many as are answered. */
  readonly rate: number | null;
  readonly seconds: number;
  /** Whether the bodies may start over when all are sent: only where nobody looks at them. */
  readonly mayRepeat: boolean;
};

export type Latency = { readonly p50: number; readonly p99: number; readonly p999: number };

export type LoadResult = {
  /** Answered with 200. */
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
  /** NaN where no rate was set. */
  readonly latencyMs: Latency;
};

/** The process that makes the load. */
export class Load implements AsyncDisposable {
  readonly #child: ChildProcess = track(
    fork(`${import.meta.dirname}/load-process.ts`, { execArgv: ['--max-semi-space-size=64', '--expose-gc'] }),
  );

  /** @param around called when everything is ready, and right after the last answer */
  async run(task: LoadTask, around: { readonly before: () => void; readonly after: () => void }): Promise<LoadResult> {
    this.#child.send(task);
    await once(this.#child, 'message');
    around.before();
    this.#child.send('go');
    const [result] = await once(this.#child, 'message');
    around.after();
    return result as LoadResult;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child, 'SIGKILL');
  }
}
