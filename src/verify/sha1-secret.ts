import { hash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../core/secret.ts';
import { type Fields, fieldOf } from '../wire/field.ts';
import { canonicalText, SIGN_FIELD } from './canonical.ts';
import { decoySecret } from './decoy-keys.ts';

const HEX_DIGEST = /^[0-9a-fA-F]{40}$/;

const withSecret = (canonical: string, secret: Secret): string =>
  `${canonical}${canonical === '' ? '' : '&'}secret=${secret.reveal()}`;

/**
 * Signs fields as PayCools signs a flat callback.
 *
 * @returns 40 lower-case hex digits, the value of `sign`
 * @see docs/paycools.md 2 (https://doc.paycools.com/PartnerEventCallback/CallBackApiSignatureRule.html)
 */
export const signFlat = (fields: Fields, secret: Secret): string =>
  hash('sha1', withSecret(canonicalText(fields), secret));

/**
 * Checks whether the `sign` member was made with one of the secrets, in constant time.
 *
 * @returns the signed text without the secret, or null if no secret fits
 */
export const verifyFlat = (fields: Fields, secrets: readonly Secret[]): string | null => {
  const sign = fieldOf(fields, SIGN_FIELD)?.value;
  if (typeof sign !== 'string' || !HEX_DIGEST.test(sign)) return null;
  const given = Buffer.from(sign.toLowerCase(), 'latin1');
  const canonical = canonicalText(fields);
  // Compared as hex digits, which Node.js computes faster than a digest as a buffer.
  const candidates = secrets.length === 0 ? [decoySecret] : secrets;
  const fits = candidates.some((secret) =>
    timingSafeEqual(Buffer.from(hash('sha1', withSecret(canonical, secret)), 'latin1'), given),
  );
  return fits && secrets.length > 0 ? canonical : null;
};
