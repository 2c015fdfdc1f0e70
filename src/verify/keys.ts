import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { fail, ok, type Result } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';

/** PayCools uses 2048 and 4096 bits (https://developer.paycools.com/en/docs/paycools-doc, signature configuration). */
const MIN_RSA_BITS = 2048;
const BARE_BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

const checkRsa = (key: KeyObject): Result<KeyObject, string> => {
  if (key.asymmetricKeyType !== 'rsa') return fail(`is a key of type ${key.asymmetricKeyType ?? 'unknown'}, not RSA`);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < MIN_RSA_BITS ? fail(`is an RSA key of ${bits} bits; at least ${MIN_RSA_BITS} are needed`) : ok(key);
};

const load = (text: string, label: string, make: (pem: boolean) => KeyObject): Result<KeyObject, string> => {
  const isPem = text.startsWith(`-----BEGIN ${label}-----`);
  if (!isPem && !BARE_BASE64.test(text)) return fail(`is neither PEM (-----BEGIN ${label}-----) nor bare base64`);
  try {
    return checkRsa(make(isPem));
  } catch {
    return fail(`cannot be read as a ${label.toLowerCase()}`);
  }
};

/** In an environment variable the line breaks of a PEM are often written as \\n. */
const withLineBreaks = (text: string): string => text.trim().replaceAll('\\n', '\n');

/**
 * Reads the public key of PayCools: PEM, or the same key as bare base64 of its DER on one or several lines.
 *
 * @returns an RSA key of 2048 bits or more, or what is wrong with it, without showing it
 * @see PAYCOOLS.md 3, the rows "key formats" and "key size"
 */
export const loadPublicKey = (text: string): Result<KeyObject, string> => {
  const trimmed = withLineBreaks(text);
  return load(trimmed, 'PUBLIC KEY', (isPem) =>
    isPem
      ? createPublicKey(trimmed)
      : createPublicKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'spki' }),
  );
};

/** Reads the merchant's private key: PKCS#8 as PEM or as bare base64 of its DER. */
export const loadPrivateKey = (secret: Secret): Result<KeyObject, string> => {
  const trimmed = withLineBreaks(secret.reveal());
  return load(trimmed, 'PRIVATE KEY', (isPem) =>
    isPem
      ? createPrivateKey(trimmed)
      : createPrivateKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'pkcs8' }),
  );
};

const FINGERPRINT_DIGITS = 16;

const shortSha256 = (bytes: string | Buffer): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, FINGERPRINT_DIGITS);

/** Tells two keys apart in logs and metrics without showing them. */
export const publicKeyFingerprint = (key: KeyObject): string =>
  shortSha256(key.export({ format: 'der', type: 'spki' }));

/** Tells two secrets apart. Salted with the purpose, so that it cannot be looked up among common secrets elsewhere. */
export const secretFingerprint = (secret: Secret): string => shortSha256(`paycools-callback-secret:${secret.reveal()}`);
