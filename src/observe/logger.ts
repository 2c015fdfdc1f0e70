import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Never written, wherever they appear in what is logged. A second net: logged fields are chosen one by one. */
const REDACTED_PATHS = ['secret', 'sign', 'authorization', 'cookie', 'paytoken', 'payToken', 'mobile', 'email'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

export type LoggerOptions = { readonly level: string; readonly destination?: DestinationStream };

/** The log: one JSON object a line on standard output. */
export const createLogger = ({ level, destination }: LoggerOptions): Logger => {
  const options = {
    level,
    base: null,
    redact: { paths: REDACTED_PATHS, censor: '[secret]' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
};
