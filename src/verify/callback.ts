import type { Secret } from '../core/secret.ts';
import { decode, decodeText } from '../wire/decode.ts';
import { SIGN_FIELD } from './canonical.ts';
import { signFlat } from './sha1-secret.ts';
import { type CallbackKeys, verify } from './verify.ts';

/**
 * Writes a callback body as PayCools would send it: the fields as JSON, with their `sign`. For tests and for trying a
 * receiver.
 *
 * @param fields without `sign`; numbers are signed as `JSON.stringify` writes them
 * @throws TypeError when the fields are no object that JSON can write
 * @see PAYCOOLS.md 2 (https://doc.paycools.com/PartnerEventCallback/CallBackApiSignatureRule.html)
 */
export const signCallback = (fields: Readonly<Record<string, unknown>>, secret: Secret): string => {
  const { [SIGN_FIELD]: _replaced, ...unsigned } = fields;
  const decoded = decodeText(JSON.stringify(unsigned));
  if (!decoded.ok) throw new TypeError(`these fields cannot be signed: ${decoded.error}`);
  return JSON.stringify({ ...unsigned, [SIGN_FIELD]: signFlat(decoded.value, secret) });
};

/** Whether a body as received (its bytes, not a parsed object) is a callback that PayCools signed with one of the keys. */
export const verifyCallback = (body: Uint8Array, keys: CallbackKeys): boolean => {
  const decoded = decode(body);
  return decoded.ok && verify(decoded.value, keys) !== null;
};
