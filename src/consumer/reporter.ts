import { explainRedisError, type TlsProbe } from './explain-redis-error.ts';
import type { ConsumerOptions, Failed } from './options.ts';

/** Reports what a consumer without hooks would otherwise hide. */
export type Reporter = {
  /** A failed attempt. */
  readonly failed: (failed: Failed) => void;
  /** A connection error. */
  readonly error: (error: Error) => void;
  /** Redis is connected; reported only after an error. */
  readonly connected: () => void;
  /** A hint about the configuration. */
  readonly hint: (sentence: string) => void;
};

export type ReporterParts = Pick<ConsumerOptions, 'onFailed' | 'onError'> & {
  /** Host and port of Redis, without user and password. */
  readonly address: string;
  /** Writes one line, or several. */
  readonly write: (text: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
  /** Absent where TLS is nothing to ask about. */
  readonly probe?: TlsProbe;
};

/** A repeat within this time is only counted, in milliseconds. */
const QUIET_MS = 60_000;
const MAX_KEYS = 500;

type Repeats = { since: number; count: number };

/** Writes a text unless the same key was written a short time ago; then it is counted and reported with the next one. */
const createCollapser = ({ write, now }: Pick<ReporterParts, 'write' | 'now'>) => {
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

/** Where an error was thrown: the first line of its stack below the message. */
const placeOf = ({ stack = '' }: Error): string => /^\s+at .*$/m.exec(stack)?.[0] ?? '';

const describeFailure = ({ job, error, isFinal, attempt }: Failed): string => {
  const of = `attempt ${attempt} of ${Math.max(attempt, job.opts.attempts ?? 1)}`;
  const outcome = isFinal
    ? `failed for good at ${of} and is now a failed job (a dead letter)`
    : `failed at ${of} and will be retried`;
  return `${job.name} ${job.data?.id ?? job.id} ${outcome}: ${error.stack ?? error.message}`;
};

/** Creates the reporter of a consumer: the given hooks, and stderr for those that are missing. */
export const createReporter = ({ onFailed, onError, address, write, now, probe }: ReporterParts): Reporter => {
  const report = createCollapser({ write, now });
  let isDisconnected = false;
  const reportError = (error: Error): void => {
    const known = explainRedisError(error);
    if (known === null) {
      report(error.message, error.message);
      return;
    }
    isDisconnected = true;
    const say = (cause: string): void => report(cause, `${address}: ${cause} Trying again until it answers.`);
    const asked = probe?.ask(error) ?? null;
    if (asked === null) say(known);
    else asked.then(say, () => say(known));
  };
  return {
    failed:
      onFailed ??
      ((failed) =>
        report(
          `${failed.job.name} ${failed.isFinal} ${failed.error.name} ${placeOf(failed.error)}`,
          describeFailure(failed),
        )),
    error: onError ?? reportError,
    connected: () => {
      probe?.connected();
      if (isDisconnected) write(`paycools consumer: connected to Redis at ${address}`);
      isDisconnected = false;
    },
    hint: (sentence) => write(`paycools consumer: ${sentence}`),
  };
};
