import type { KeyObject } from 'node:crypto';
import type { JsonValue } from '../core/json.ts';
import { byName, type Field } from '../wire/field.ts';
import { canonicalText } from './canonical.ts';
import { signRsa } from './rsa.ts';

/** The parameters of a call to PayCools, with `appId` and without `sign`. Numbers are integers. */
export type RequestParameters = Readonly<Record<string, string | number | boolean>>;

const toField = ([name, value]: readonly [string, JsonValue]): Field => ({ name, text: String(value), value });

/**
 * The text that a request signs: its parameters as `key=value`, sorted, joined with `&`, without empty ones. No secret
 * is appended and nothing is URL-encoded.
 *
 * @see docs/paycools.md 7 (https://docs.paycools.com.ph/en/6410594m0)
 */
export const requestText = (parameters: RequestParameters): string =>
  canonicalText(Object.entries(parameters).map(toField).sort(byName));

/**
 * Signs the parameters of a request with the merchant's private key: SHA256withRSA over {@link requestText}.
 *
 * @returns the value of `sign`: standard base64, not yet percent-encoded
 * @see docs/paycools.md 7 (https://docs.paycools.com.ph/en/6410594m0)
 */
export const signRequest = (parameters: RequestParameters, privateKey: KeyObject): string =>
  signRsa(requestText(parameters), privateKey);
