import { type DestinationStream, type Logger, pino } from 'pino';
import { describeError } from './describe-error.ts';

export type { Logger };

/** Fields that are never written, up to two levels deep. A second line of defence: fields are chosen one by one. */
const REDACTED_NAMES = ['secret', 'sign', 'authorization', 'cookie', 'paytoken', 'payToken', 'mobile', 'email'];
const REDACTED_PATHS = REDACTED_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
const CENSOR = '[secret]';

/** Writes the lines of one event-loop tick together: under load, one system call writes many of them. */
const batchPerTick = (output: DestinationStream): DestinationStream & { flush: () => void; flushSync: () => void } => {
  let lines = '';
  const flush = (): void => {
    if (lines === '') return;
    const text = lines;
    lines = '';
    output.write(text);
  };
  const write = (line: string): void => {
    if (lines === '') setImmediate(flush);
    lines += line;
  };
  return { write, flush, flushSync: flush };
};

export type LoggerOptions = {
  readonly level: string;
  /** Fields of every line: which version runs, and where. */
  readonly base?: Readonly<Record<string, string>>;
  readonly destination?: DestinationStream;
};

/**
 * The log: one JSON object per line on standard output. Written synchronously: when the reader of an asynchronous log
 * disappears, the flush at exit never ends and the process cannot stop. Call `flush()` when the process exits.
 */
export const createLogger = ({ level, base, destination }: LoggerOptions): Logger =>
  pino(
    {
      level,
      base: base ?? null,
      serializers: { err: (error: unknown) => describeError(error) },
      redact: { paths: REDACTED_PATHS, censor: CENSOR },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }) },
    },
    destination ?? batchPerTick(pino.destination({ dest: 1, sync: true })),
  );

/** The same log for lines without nested fields, because only top-level names are redacted. */
export const flatLogger = (logger: Logger): Logger =>
  logger.child({}, { redact: { paths: REDACTED_NAMES, censor: CENSOR } });
