import { apiEnv } from '../sandbox/support.ts';
import type { Namespace } from '../support/namespace.ts';
import { type RunningProcess, run } from '../support/process.ts';
import { SECRET } from '../support/service.ts';

export type ReconcileOptions = {
  readonly namespace: Namespace;
  /** Address of PayCools. */
  readonly baseUrl: string;
  /** The day to reconcile. */
  readonly day: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Runs `paycools reconcile --apply` in its own process. */
export const startReconcile = ({ namespace, baseUrl, day, env }: ReconcileOptions): RunningProcess =>
  run({
    command: process.execPath,
    args: ['dist/cli/main.js', 'reconcile', '--from', day, '--to', day, '--apply', '--json'],
    env: {
      PAYCOOLS_CALLBACK_SECRET: SECRET,
      REDIS_URL: namespace.url,
      QUEUE_PREFIX: namespace.prefix,
      ...apiEnv(baseUrl),
      ...env,
    },
  });

/** Removes the lock of a killed run, which would expire by itself after 30 seconds. */
export const removeLock = ({ redis, prefix }: Namespace): Promise<number> =>
  redis.del(`${prefix}:reconcile:{default}:lock`);
