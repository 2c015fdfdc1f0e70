import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';
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

type Label = 'PUBLIC KEY' | 'PRIVATE KEY';

/** @param create reads a key: PEM as text, DER as bytes */
const load = (text: string, label: Label, create: (key: string | Buffer) => KeyObject): Result<KeyObject, string> => {
  const trimmed = text.trim().replaceAll('\\n', '\n'); // environment variables often have a PEM's line breaks as \n
  const isPem = trimmed.startsWith(`-----BEGIN ${label}-----`);
  if (!isPem && !BARE_BASE64.test(trimmed)) return fail(`is neither PEM (-----BEGIN ${label}-----) nor bare base64`);
  try {
    return checkRsa(create(isPem ? trimmed : Buffer.from(trimmed, 'base64')));
  } catch {
    return fail(`cannot be read as a ${label.toLowerCase()}`);
  }
};

/**
 * Reads a public key of PayCools: PEM, or bare base64 of its DER on one or several lines.
 *
 * @returns an RSA key of at least 2048 bits, or what is wrong with it, without showing it
 * @see docs/paycools.md 3, the rows "key formats" and "key size"
 */
export const loadPublicKey = (text: string): Result<KeyObject, string> =>
  load(text, 'PUBLIC KEY', (key) =>
    createPublicKey(typeof key === 'string' ? key : { key, format: 'der', type: 'spki' }),
  );

/** Reads the merchant's private key: PKCS#8 as PEM, or as bare base64 of its DER. */
export const loadPrivateKey = (secret: Secret): Result<KeyObject, string> =>
  load(secret.reveal(), 'PRIVATE KEY', (key) =>
    createPrivateKey(typeof key === 'string' ? key : { key, format: 'der', type: 'pkcs8' }),
  );

const FINGERPRINT_DIGITS = 16;

const shortSha256 = (bytes: string | Buffer): string => hash('sha256', bytes).slice(0, FINGERPRINT_DIGITS);

/** Identifies a key in logs and metrics without showing it. */
export const publicKeyFingerprint = (key: KeyObject): string =>
  shortSha256(key.export({ format: 'der', type: 'spki' }));

/** Identifies a secret without showing it. Salted with its purpose, so that no table of common secrets contains it. */
export const secretFingerprint = (secret: Secret): string => shortSha256(`paycools-callback-secret:${secret.reveal()}`);
