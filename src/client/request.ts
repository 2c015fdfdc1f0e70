import type { JsonRecord, JsonValue } from '../core/json.ts';
import { type RequestParameters, signRequest } from '../verify/request.ts';
import { signRsa } from '../verify/rsa.ts';
import type { Endpoint } from './endpoints/definition.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsRequestError } from './errors/paycools-request-error.ts';
import type { Settings } from './settings.ts';

/** A call of the table, as configured for this client. */
export type Target = { readonly call: CallName; readonly endpoint: Endpoint };

/** What is passed to fetch. */
export type PreparedRequest = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

const VARIABLE = /\{(\w+)\}/g;
const DOTS_ONLY = /^\.{1,2}$/; // "." and ".." would change the path, percent-encoded or not

const namesInPath = (path: string): ReadonlySet<string> =>
  new Set([...path.matchAll(VARIABLE)].map(([, name = '']) => name));

const fillPath = ({ call, endpoint: { path } }: Target, parameters: JsonRecord): string =>
  path.replaceAll(VARIABLE, (_, name: string) => {
    const value = String(parameters[name] ?? '');
    if (value === '' || DOTS_ONLY.test(value)) {
      throw new PaycoolsRequestError({ call, details: [`${name}: cannot be part of a path`] });
    }
    return encodeURIComponent(value);
  });

const isEmpty = (value: JsonValue | undefined): boolean => value === undefined || value === null || value === '';

/** Parameters that are sent beside the path: empty ones are not signed (PAYCOOLS.md 7), so they are not sent either. */
const besidePath = ({ path, isPathSigned }: Endpoint, parameters: JsonRecord): JsonRecord => {
  const inPath = isPathSigned ? new Set<string>() : namesInPath(path);
  return Object.fromEntries(Object.entries(parameters).filter(([name, value]) => !inPath.has(name) && !isEmpty(value)));
};

/** A nested value of a flat call goes as a text of compact JSON (PAYCOOLS.md 7, "nested values in a flat call"). */
const flatten = (value: JsonValue): string | number | boolean =>
  typeof value === 'object' ? JSON.stringify(value) : value;

const flatParameters = (parameters: JsonRecord, appId: string): RequestParameters => ({
  ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, flatten(value)])),
  appId,
});

const signedFlat = (parameters: JsonRecord, { appId, privateKey }: Settings): RequestParameters => {
  const flat = flatParameters(parameters, appId);
  return { ...flat, sign: signRequest(flat, privateKey) };
};

/** `{appId, param, sign}`; the very text that is signed is sent (PAYCOOLS.md 7, "Envelope rule"). */
const signedEnvelope = (parameters: JsonRecord, { appId, privateKey, envelope }: Settings): RequestParameters => {
  const param = JSON.stringify(parameters);
  const sign = envelope === 'fields' ? signRequest({ appId, param }, privateKey) : signRsa(param, privateKey);
  return { appId, param, sign };
};

/** Percent-encodes everything that is not plain: base64 has `+`, `/` and `=`. */
const queryText = (parameters: RequestParameters): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');

/**
 * Builds and signs one attempt at a call. Built again for every attempt and page, because the timestamp of a request is
 * valid for two minutes only (PAYCOOLS.md 9).
 */
export const prepareRequest = (target: Target, parameters: JsonRecord, settings: Settings): PreparedRequest => {
  const { endpoint } = target;
  const stamp = endpoint.hasTimestamp ? { timestamp: String(settings.runtime.now()) } : {};
  const sent = { ...besidePath(endpoint, parameters), ...stamp };
  const signed = endpoint.style === 'flat' ? signedFlat(sent, settings) : signedEnvelope(sent, settings);
  const url = settings.baseUrl + fillPath(target, parameters);
  const headers = { accept: 'application/json' };
  if (endpoint.http === 'GET') return { url: `${url}?${queryText(signed)}`, method: 'GET', headers, body: null };
  return {
    url,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(signed),
  };
};
