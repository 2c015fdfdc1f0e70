import { verify } from 'node:crypto';
import type { Endpoint } from '../client/endpoints/definition.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type Reply, refuse } from './reply.ts';
import type { SandboxSettings } from './settings.ts';

// Reads and verifies requests without any code that the client signs and sends them with, so that a mistake cannot be on
// both sides and pass unnoticed.

/** A request as received. */
export type IncomingRequest = {
  readonly query: URLSearchParams;
  readonly body: string;
  /** Variables of the path, decoded. */
  readonly path: Readonly<Record<string, string>>;
};

/** A parameter and its text as sent. */
type Parameter = { readonly value: unknown; readonly text: string };
type Parameters = ReadonlyMap<string, Parameter>;

/** Stands for a number, by its text as written. */
type Numeral = { readonly numeral: string };

const isNumeral = (value: unknown): value is Numeral =>
  typeof value === 'object' && value !== null && 'numeral' in value;

const keepNumerals = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' ? { numeral: context?.source ?? String(value) } : value;

const textOf = (value: unknown, raw: unknown): string => {
  if (isNumeral(value)) return value.numeral;
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(raw) : String(value);
};

const fromJson = (body: string): Parameters | null => {
  try {
    const values: Readonly<Record<string, unknown>> = JSON.parse(body);
    const kept: Readonly<Record<string, unknown>> = JSON.parse(body, keepNumerals);
    if (typeof values !== 'object' || values === null || Array.isArray(values)) return null;
    return new Map(Object.entries(values).map(([name, value]) => [name, { value, text: textOf(kept[name], value) }]));
  } catch {
    return null;
  }
};

const fromQuery = (query: URLSearchParams): Parameters =>
  new Map([...query].map(([name, text]) => [name, { value: text, text }]));

const signedTextOf = (parameters: Parameters): string =>
  [...parameters]
    .filter(([name, { text }]) => name !== 'sign' && text !== '')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { text }]) => `${name}=${text}`)
    .join('&');

const isSigned = (text: string, sign: string, { backOffice }: SandboxSettings): boolean =>
  verify('RSA-SHA256', Buffer.from(text, 'utf8'), backOffice.publicKey, Buffer.from(sign, 'base64'));

const textIn = (parameters: Parameters, name: string): string => parameters.get(name)?.text ?? '';

const STAMP = /^\d{13}$/;
/** A timestamp is valid for two minutes (https://doc.paycools.com/Account/GetPaymentStatement.html). */
const STAMP_MS = 2 * 60 * 1000;

const isFresh = (parameters: Parameters, now: number): boolean => {
  const stamp = textIn(parameters, 'timestamp');
  return STAMP.test(stamp) && Math.abs(now - Number(stamp)) <= STAMP_MS;
};

/** The parameters of the call itself, which are inside `param` of an envelope. */
const innerOf = (endpoint: Endpoint, outer: Parameters): Parameters | null =>
  endpoint.style === 'flat' ? outer : fromJson(textIn(outer, 'param'));

const COMMON_PARAMETERS: ReadonlySet<string> = new Set(['appId', 'sign', 'timestamp']);

/**
 * Verifies that the merchant sent a request, and reads its parameters.
 *
 * @returns the parameters without those that every call has, or the refusal
 * @see docs/paycools.md 7 (https://docs.paycools.com.ph/en/6410594m0)
 */
export const readRequest = (
  endpoint: Endpoint,
  { query, body, path }: IncomingRequest,
  settings: SandboxSettings,
): Result<Readonly<Record<string, unknown>>, Reply> => {
  const outer = endpoint.http === 'GET' ? fromQuery(query) : fromJson(body);
  if (outer === null) return fail(refuse(1009, 'body'));
  if (textIn(outer, 'appId') !== settings.appId) return fail(refuse(1001));
  const isParamAlone = endpoint.style === 'envelope' && settings.envelope === 'param';
  const signedText = isParamAlone ? textIn(outer, 'param') : signedTextOf(outer);
  if (!isSigned(signedText, textIn(outer, 'sign'), settings)) return fail(refuse(1003));
  const inner = innerOf(endpoint, outer);
  if (inner === null) return fail(refuse(1009, 'param'));
  if (endpoint.hasTimestamp && !isFresh(inner, settings.now())) return fail(refuse(1009, 'timestamp'));
  if (Object.entries(path).some(([name, value]) => inner.has(name) && textIn(inner, name) !== value)) {
    return fail(refuse(1009, 'path'));
  }
  const given = [...inner].filter(([name]) => !COMMON_PARAMETERS.has(name)).map(([name, { value }]) => [name, value]);
  return ok({ ...Object.fromEntries(given), ...path });
};
