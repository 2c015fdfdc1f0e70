import { type KeyObject, sign as rsaSign, verify as rsaVerify } from 'node:crypto';

const DIGEST = 'sha256'; // SHA256withRSA; never another one (docs/paycools.md 3)
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Signs a text as PayCools and its merchants do: SHA256withRSA, PKCS#1 v1.5, over UTF-8, as standard base64. */
export const signRsa = (text: string, key: KeyObject): string =>
  rsaSign(DIGEST, Buffer.from(text), key).toString('base64');

const lengths = new WeakMap<KeyObject, number>();

/** Length of a signature by this key, in bytes. Cached, because Node.js recomputes it on every access. */
const signatureLength = (key: KeyObject): number => {
  const length = lengths.get(key) ?? (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  lengths.set(key, length);
  return length;
};

/** Whether `sign` is the signature of `text`: standard base64 of exactly the key's length. */
export const verifyRsa = (text: string, sign: string, key: KeyObject): boolean => {
  if (!BASE64.test(sign) || sign.length % 4 !== 0) return false;
  const signature = Buffer.from(sign, 'base64');
  if (signature.length !== signatureLength(key)) return false;
  return rsaVerify(DIGEST, Buffer.from(text), key, signature);
};
