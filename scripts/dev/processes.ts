import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, type ChildOptions, startChild } from './child.ts';
import { say, showLogLine } from './terminal.ts';

const READY_TIMEOUT_MS = 20_000;
const CONSUMED_TIMEOUT_MS = 10_000;
const POLL_MS = 100;

/** What `/readyz` says is wrong; empty where nothing is. */
type Reasons = Readonly<Record<string, string>>;

/**
 * Waits until the service can take callbacks.
 *
 * @returns why it is only degraded, if it is
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

/** What the processes of a run have in common. */
export type Surroundings = Pick<ChildOptions, 'env' | 'isInterrupted'>;

export const startService = (surroundings: Surroundings): Child =>
  startChild({
    ...surroundings,
    name: 'service',
    script: 'src/main.ts',
    onLine: (line) => say('service', showLogLine(line)),
  });

/** The sample worker, and how many events it has taken so far. */
export type SampleWorker = {
  readonly child: Child;
  /** Waits until it has taken `count` events; false when that takes too long. */
  readonly hasTaken: (count: number) => Promise<boolean>;
};

export const startWorker = (surroundings: Surroundings): SampleWorker => {
  let taken = 0;
  const onLine = (line: string): void => {
    say('worker', line);
    if (/^(?:consumed|answers) /.test(line)) taken += 1;
  };
  const child = startChild({ ...surroundings, name: 'worker', script: 'scripts/dev/sample-worker.ts', onLine });
  const hasTaken = async (count: number): Promise<boolean> => {
    const deadline = Date.now() + CONSUMED_TIMEOUT_MS;
    while (taken < count && Date.now() < deadline) await sleep(POLL_MS);
    return taken >= count;
  };
  return { child, hasTaken };
};
