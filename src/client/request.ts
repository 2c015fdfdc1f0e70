import type { JsonRecord, JsonValue } from '../core/json.ts';
import { type RequestParameters, signRequest } from '../verify/request.ts';
import { signRsa } from '../verify/rsa.ts';
import type { Endpoint } from './endpoints/definition.ts';
import type { CallName } from './endpoints/table.ts';
import { PaycoolsRequestError } from './errors/paycools-request-error.ts';
import type { Settings } from './settings.ts';

/** A call and its endpoint, as configured for this client. */
export type Target = { readonly call: CallName; readonly endpoint: Endpoint };

/** The arguments of `fetch`. */
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

/** Parameters for the query or the body. Empty ones are not signed (docs/paycools.md 7), so they are not sent either. */
const parametersOutsidePath = ({ path, isPathSigned }: Endpoint, parameters: JsonRecord): JsonRecord => {
  const inPath = isPathSigned ? new Set<string>() : namesInPath(path);
  return Object.fromEntries(Object.entries(parameters).filter(([name, value]) => !inPath.has(name) && !isEmpty(value)));
};

/** A nested value of a flat call is sent as compact JSON text (docs/paycools.md 7, "nested values in a flat call"). */
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

/** `{appId, param, sign}`, with exactly the text that was signed (docs/paycools.md 7, "Envelope rule"). */
const signedEnvelope = (parameters: JsonRecord, { appId, privateKey, envelope }: Settings): RequestParameters => {
  const param = JSON.stringify(parameters);
  const sign = envelope === 'fields' ? signRequest({ appId, param }, privateKey) : signRsa(param, privateKey);
  return { appId, param, sign };
};

/** Percent-encodes names and values: base64 contains `+`, `/` and `=`. */
const queryText = (parameters: RequestParameters): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');

/**
 * Builds and signs the request of one attempt. Each attempt and page needs its own, because a timestamp is valid for
 * only two minutes (docs/paycools.md 9).
 */
export const prepareRequest = (target: Target, parameters: JsonRecord, settings: Settings): PreparedRequest => {
  const { endpoint } = target;
  const stamp = endpoint.hasTimestamp ? { timestamp: String(settings.runtime.now()) } : {};
  const sent = { ...parametersOutsidePath(endpoint, parameters), ...stamp };
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
