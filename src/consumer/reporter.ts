import { explainRedisError, type TlsProbe } from './explain-redis-error.ts';
import type { ConsumerOptions, Failed } from './options.ts';

/** Reports what a consumer without hooks would otherwise hide. */
export type Reporter = {
  /** Reports a failed attempt. */
  readonly failed: (failed: Failed) => void;
  /** Reports a connection error. */
  readonly error: (error: Error) => void;
  /** The last connection error, or null. */
  readonly lastError: () => Error | null;
  /** Reports that Redis is connected again; silent unless an error was reported. */
  readonly connected: () => void;
  /** Reports a likely mistake in the setup. */
  readonly hint: (sentence: string) => void;
  /** Stops reporting connection errors, which are expected while the consumer closes. */
  readonly close: () => void;
};

type ReporterOptions = Pick<ConsumerOptions, 'onFailed' | 'onError'> & {
  /** Host and port of Redis, without user and password. */
  readonly address: string;
  /** Writes one or more lines. */
  readonly write: (text: string) => void;
  /** The current time, in milliseconds since 1970. */
  readonly now: () => number;
  readonly probe?: TlsProbe;
};

/** Repeats within this time are only counted. In milliseconds. */
const QUIET_MS = 60_000;
/** Maximum number of keys whose repeats are counted. */
const MAX_KEYS = 500;

type Repeats = { since: number; count: number };

/** Writes a text unless one with the same key was written within `QUIET_MS`: that repeat is counted for the next report. */
const createCollapser = ({ write, now }: Pick<ReporterOptions, 'write' | 'now'>) => {
  const seen = new Map<string, Repeats>();
  return (key: string, text: string): void => {
    const known = seen.get(key);
    if (known !== undefined && now() - known.since < QUIET_MS) {
      known.count += 1;
      return;
    }
    if (seen.size >= MAX_KEYS) seen.clear();
    seen.set(key, { since: now(), count: 0 });
    const repeats = known === undefined || known.count === 0 ? '' : ` (${known.count} more since the last report)`;
    write(`paycools consumer: ${text}${repeats}`);
  };
};

/** Where an error was thrown: the first line of its stack trace. */
const placeOf = ({ stack = '' }: Error): string => /^\s+at .*$/m.exec(stack)?.[0] ?? '';

const describeFailure = ({ job, error, isFinal, attempt }: Failed): string => {
  const progress = `attempt ${attempt} of ${Math.max(attempt, job.opts.attempts ?? 1)}`;
  const outcome = isFinal
    ? `failed permanently at ${progress} and is now a failed job (a dead letter)`
    : `failed at ${progress} and will be retried`;
  return `${job.name} ${job.data?.id ?? job.id} ${outcome}: ${error.stack ?? error.message}`;
};

/** Creates a reporter that calls the given hooks, and writes what has no hook. */
export const createReporter = ({ onFailed, onError, address, write, now, probe }: ReporterOptions): Reporter => {
  const report = createCollapser({ write, now });
  let isDisconnected = false;
  let isOpen = true;
  let lastError: Error | null = null;
  const reportError = (error: Error): void => {
    const explanation = explainRedisError(error);
    if (explanation === null) {
      report(error.message, error.message);
      return;
    }
    isDisconnected = true;
    const reportCause = (cause: string): void => report(cause, `${address}: ${cause} Retrying until it answers.`);
    const probing = probe?.explain(error) ?? null;
    if (probing === null) reportCause(explanation);
    else probing.then(reportCause, () => reportCause(explanation));
  };
  return {
    failed:
      onFailed ??
      ((failed) =>
        report(
          `${failed.job.name} ${failed.isFinal} ${failed.error.name} ${placeOf(failed.error)}`,
          describeFailure(failed),
        )),
    error: (error) => {
      lastError = error;
      if (isOpen) (onError ?? reportError)(error);
    },
    lastError: () => lastError,
    connected: () => {
      probe?.connected();
      if (isDisconnected) write(`paycools consumer: connected to Redis at ${address}`);
      isDisconnected = false;
    },
    hint: (sentence) => write(`paycools consumer: ${sentence}`),
    close: () => {
      isOpen = false;
    },
  };
};
