import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, type ChildOptions, startChild } from './child.ts';
import { say, showLogLine } from './terminal.ts';

const READY_TIMEOUT_MS = 20_000;
const RECEIVED_TIMEOUT_MS = 10_000;
const POLL_MS = 100;

/** The reasons that `/readyz` reports for a degraded or unready service, by check. */
type Reasons = Readonly<Record<string, string>>;

/**
 * Waits until the service accepts callbacks.
 *
 * @returns why it is degraded; empty if it is not
 */
export const untilServing = async (opsUrl: string): Promise<readonly string[]> => {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const reply = await fetch(`${opsUrl}/readyz`).catch(() => null);
    const body = (await reply?.json().catch(() => null)) as { readonly reasons?: Reasons } | null;
    const reasons = Object.values(body?.reasons ?? {});
    if (reply?.ok === true && (reasons.length === 0 || Date.now() > deadline)) return reasons;
    if (reply?.ok === true && !reasons.some((it) => it.includes('Redis'))) return reasons;
    if (Date.now() > deadline)
      throw new Error(`The service is not ready: ${reasons.join(' ') || 'it does not answer'}`);
    await sleep(POLL_MS);
  }
};

/** Options that all processes of a run share. */
export type ProcessOptions = Pick<ChildOptions, 'env' | 'isInterrupted'>;

export const startService = (options: ProcessOptions): Child =>
  startChild({
    ...options,
    name: 'service',
    script: 'src/main.ts',
    onLine: (line) => say('service', showLogLine(line)),
  });

export type SampleWorker = {
  readonly child: Child;
  /** Waits until the worker has received `count` events; resolves to false after 10 s. */
  readonly hasReceived: (count: number) => Promise<boolean>;
};

export const startWorker = (options: ProcessOptions): SampleWorker => {
  let received = 0;
  const onLine = (line: string): void => {
    say('worker', line);
    if (/^(?:consumed|answered) /.test(line)) received += 1;
  };
  const child = startChild({ ...options, name: 'worker', script: 'scripts/dev/sample-worker.ts', onLine });
  const hasReceived = async (count: number): Promise<boolean> => {
    const deadline = Date.now() + RECEIVED_TIMEOUT_MS;
    while (received < count && Date.now() < deadline) await sleep(POLL_MS);
    return received >= count;
  };
  return { child, hasReceived };
};
