import { type DestinationStream, type Logger, pino } from 'pino';
import { describeError } from './describe-error.ts';

export type { Logger };

/** Never written, wherever they appear in what is logged. A second net: logged fields are chosen one by one. */
const REDACTED_PATHS = ['secret', 'sign', 'authorization', 'cookie', 'paytoken', 'payToken', 'mobile', 'email'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

export type LoggerOptions = { readonly level: string; readonly destination?: DestinationStream };

/**
 * The log: one JSON object a line on standard output. Written synchronously: when the reader of an asynchronous log
 * goes away, its flush at exit waits for ever, and the process could not stop any more.
 */
export const createLogger = ({ level, destination }: LoggerOptions): Logger =>
  pino(
    {
      level,
      base: null,
      serializers: { err: (error: unknown) => describeError(error) },
      redact: { paths: REDACTED_PATHS, censor: '[secret]' },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
