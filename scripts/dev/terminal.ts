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

/** Prints a line with the name of its source. */
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

const OUTCOMES: Readonly<Record<string, Style>> = {
  accepted: 'green',
  duplicate: 'dim',
  spooled: 'yellow',
  unrecognized: 'yellow',
  conflicting: 'yellow',
};

const paintOutcome = (outcome: unknown): string => styleText(OUTCOMES[String(outcome)] ?? 'red', String(outcome));

const showCallback = ({ outcome, product, type, transactionId, durationMs }: LogLine): string =>
  [paintOutcome(outcome), type ?? product, transactionId, `${Number(durationMs).toFixed(1)} ms`]
    .filter(Boolean)
    .join('  ');

/** A compact form of a value: `default/sha1-secret/7404974406ab373d` for a key. */
const showValue = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(showValue).join(', ');
  return typeof value === 'object' && value !== null ? Object.values(value).map(showValue).join('/') : String(value);
};

const LEVELS: Readonly<Record<string, Style>> = { warn: 'yellow', error: 'red', fatal: 'red' };

const showOther = ({ msg, err, ...fields }: LogLine): string => {
  const { level = '', time: _time, version: _version, instance: _instance, ...rest } = fields;
  const message = err === undefined ? `${msg}` : `${msg}: ${(err as { message?: string }).message}`;
  const style = LEVELS[level];
  return [
    style === undefined ? message : styleText(style, message),
    ...Object.entries(rest).map(([name, value]) => `${name}=${showValue(value)}`),
  ].join('  ');
};

/** Formats one of the service's JSON log lines for a terminal. */
export const showLogLine = (line: string): string => {
  const parsed = parse(line);
  if (parsed === null) return line;
  return parsed.msg === 'callback' ? showCallback(parsed) : showOther(parsed);
};
