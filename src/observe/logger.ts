import { type DestinationStream, type Logger, pino } from 'pino';
import { describeError } from './describe-error.ts';

export type { Logger };

/** Never written, wherever they appear in what is logged. A second net: logged fields are chosen one by one. */
const REDACTED_NAMES = ['secret', 'sign', 'authorization', 'cookie', 'paytoken', 'payToken', 'mobile', 'email'];
const REDACTED_PATHS = REDACTED_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
const CENSOR = '[secret]';

/** Writes the lines of one turn of the event loop at once: under load, a call of the system serves many of them. */
const inTurns = (output: DestinationStream): DestinationStream & { flush: () => void; flushSync: () => void } => {
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

export type LoggerOptions = { readonly level: string; readonly destination?: DestinationStream };

/**
 * The log: one JSON object a line on standard output. Written synchronously: when the reader of an asynchronous log
 * goes away, its flush at exit waits for ever, and the process could not stop any more. `flush()` it when the process
 * exits.
 */
export const createLogger = ({ level, destination }: LoggerOptions): Logger =>
  pino(
    {
      level,
      base: null,
      serializers: { err: (error: unknown) => describeError(error) },
      redact: { paths: REDACTED_PATHS, censor: CENSOR },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }) },
    },
    destination ?? inTurns(pino.destination({ dest: 1, sync: true })),
  );

/** The same log for lines whose fields hold no objects: names inside of objects are not looked for. */
export const flatLogger = (logger: Logger): Logger =>
  logger.child({}, { redact: { paths: REDACTED_NAMES, censor: CENSOR } });
