import type { KeyObject } from 'node:crypto';
import type { Secret } from '../core/secret.ts';
import { decode, decodeText } from '../wire/decode.ts';
import { SIGN_FIELD } from './canonical.ts';
import { signRsa } from './rsa.ts';
import { signFlat } from './sha1-secret.ts';
import { type CallbackKeys, verify } from './verify.ts';

type CallbackFields = Readonly<Record<string, unknown>>;

/**
 * Writes a flat callback body as PayCools would send it: the fields as JSON, with their `sign`. For tests and for
 * trying out a receiver.
 *
 * @param fields without `sign`; numbers are signed as `JSON.stringify` writes them
 * @throws TypeError if the body would be malformed
 * @see docs/paycools.md 2 (https://doc.paycools.com/PartnerEventCallback/CallBackApiSignatureRule.html)
 */
export const signCallback = (fields: CallbackFields, secret: Secret): string => {
  const { [SIGN_FIELD]: _replaced, ...unsigned } = fields;
  const decoded = decodeText(JSON.stringify(unsigned));
  if (!decoded.ok) throw new TypeError(`these fields cannot be signed: ${decoded.error}`);
  return JSON.stringify({ ...unsigned, [SIGN_FIELD]: signFlat(decoded.value, secret) });
};

/**
 * Writes an enveloped callback body as PayCools would send it: the fields as JSON text in `param`, and its `sign`.
 *
 * @param privateKey RSA; a stand-in for PayCools's own
 * @see docs/paycools.md 3 (https://developer.paycools.com/en/docs/paycools-doc)
 */
export const signEnvelope = (fields: CallbackFields, privateKey: KeyObject): string => {
  const param = JSON.stringify(fields);
  return JSON.stringify({ param, [SIGN_FIELD]: signRsa(param, privateKey) });
};

/** Whether a body (the bytes as received, not a parsed object) is a callback signed with one of the keys. */
export const verifyCallback = (body: Uint8Array, keys: Partial<CallbackKeys>): boolean => {
  const decoded = decode(body);
  return decoded.ok && verify(decoded.value, { secrets: [], publicKeys: [], ...keys }).ok;
};
