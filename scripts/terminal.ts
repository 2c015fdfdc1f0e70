import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<string, Style>> = {
  redis: 'red',
  service: 'cyan',
  worker: 'green',
  paycools: 'magenta',
  sandbox: 'yellow',
  client: 'yellow',
};
const NAME_WIDTH = 9;

/** Prints a line under the name of who says it. */
export const say = (name: string, line: string): void => {
  console.log(`${styleText(STYLES[name] ?? 'dim', name.padEnd(NAME_WIDTH))} ${line}`);
};

type LogLine = { readonly level?: string; readonly msg?: string; readonly [name: string]: unknown };

const parse = (line: string): LogLine | null => {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return null;
  }
};

const showCallback = ({ outcome, product, type, transactionId, durationMs }: LogLine): string =>
  [outcome, type ?? product, transactionId, `${Number(durationMs).toFixed(1)} ms`].filter(Boolean).join('  ');

const showOther = ({ level: _level, time: _time, msg, err, ...rest }: LogLine): string => {
  const message = err === undefined ? msg : `${msg}: ${(err as { message?: string }).message}`;
  return [
    message,
    ...Object.entries(rest).map(
      ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
    ),
  ].join('  ');
};

/** A log line of the service for people: the service itself logs JSON. */
export const showLogLine = (line: string): string => {
  const parsed = parse(line);
  if (parsed === null) return line;
  return parsed.msg === 'callback' ? showCallback(parsed) : showOther(parsed);
};
