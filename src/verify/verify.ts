import type { KeyObject } from 'node:crypto';
import type { JsonRecord } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';
import { decode, decodeText } from '../wire/decode.ts';
import { asEnvelope, type Envelope } from '../wire/envelope.ts';
import type { DecodeReason } from '../wire/exact.ts';
import { type Fields, toRecord } from '../wire/field.ts';
import { canonicalText, isAmbiguous, isSigned, SIGN_FIELD } from './canonical.ts';
import { decoyPublicKey } from './decoy-keys.ts';
import { verifyRsa } from './rsa.ts';
import { verifyFlat } from './sha1-secret.ts';

/** How PayCools signs. The shape of a body decides its scheme; no other scheme is tried. */
export type Scheme = 'sha1-secret' | 'rsa-envelope';

/** The keys that verify a merchant's callbacks: the current secret and key first, then the previous ones during a rotation. */
export type CallbackKeys = {
  readonly secrets: readonly Secret[];
  readonly publicKeys: readonly KeyObject[];
  /** The merchant's id at PayCools: an envelope that names another id is refused. Null if it is not configured. */
  readonly appId?: string | null;
};

declare const proof: unique symbol;

/** The proof that PayCools signed a body. Only this file makes one, and no callback is delivered without one. */
export type Verified = {
  readonly scheme: Scheme;
  /** The signed members as received, so without the null and empty members of a flat body. */
  readonly raw: JsonRecord;
  /** The signed text, without the secret. It is the same for all repeats of a callback. */
  readonly signedText: string;
  /** Whether other members would have the same signed text; see {@link isAmbiguous}. */
  readonly isAmbiguous: boolean;
  readonly [proof]: true;
};

/** Why there is no proof. `forged` gives no reason, because the reader may be the forger. */
export type Unverified = { readonly kind: 'forged' } | { readonly kind: 'malformed'; readonly reason: DecodeReason };

const FORGED = { kind: 'forged' } as const;

const proveFlat = (fields: Fields, signedText: string): Verified =>
  ({
    scheme: 'sha1-secret',
    raw: toRecord(fields.filter(isSigned)),
    signedText,
    isAmbiguous: isAmbiguous(fields, signedText),
  }) as Verified;

/** All of `param` is signed, so nothing in it is ambiguous. */
const proveEnvelope = (param: string): Result<Verified, Unverified> => {
  const inner = decodeText(param);
  if (!inner.ok) return fail({ kind: 'malformed', reason: inner.error });
  const raw = toRecord(inner.value.filter(({ name }) => name !== SIGN_FIELD));
  return ok({ scheme: 'rsa-envelope', raw, signedText: param, isAmbiguous: false } as Verified);
};

/**
 * Whether an envelope is for this merchant. PayCools signs the envelopes of all merchants with one key, so a signature
 * proves the sender, not the addressee. An envelope without an `appId` is accepted.
 */
export const isAddressedTo = (appId: string | null | undefined, { appId: named = null }: JsonRecord): boolean =>
  appId == null || named === null || named === '' || String(named) === appId;

const verifyEnvelope = (
  { param, sign }: Envelope,
  { publicKeys, appId }: CallbackKeys,
): Result<Verified, Unverified> => {
  const candidates = publicKeys.length === 0 ? [decoyPublicKey] : publicKeys;
  const fits = typeof sign === 'string' && candidates.some((key) => verifyRsa(param, sign, key));
  if (!fits || publicKeys.length === 0) return fail(FORGED);
  const proved = proveEnvelope(param);
  return proved.ok && !isAddressedTo(appId, proved.value.raw) ? fail(FORGED) : proved;
};

/** Proves that PayCools signed a body. The scheme follows from the body's shape, the algorithm from the scheme. */
export const verify = (body: Fields, keys: CallbackKeys): Result<Verified, Unverified> => {
  const envelope = asEnvelope(body);
  if (envelope !== null) return verifyEnvelope(envelope, keys);
  const signedText = verifyFlat(body, keys.secrets);
  return signedText === null ? fail(FORGED) : ok(proveFlat(body, signedText));
};

/**
 * Trusts fields that were verified before their event was stored: its `raw`. Their scheme no longer matters, because the
 * callback has been acknowledged. Never call this with anything that does not come from the merchant's own Redis.
 */
export const trustStoredFields = (raw: JsonRecord): Verified =>
  ({ scheme: 'sha1-secret', raw, signedText: '', isAmbiguous: false }) as Verified;

/**
 * Trusts a body that was verified before it was stored, because the keys may have changed since. Never call this with
 * anything that does not come from the merchant's own Redis or spool.
 */
export const trustStoredBody = (stored: Uint8Array): Result<Verified, Unverified> => {
  const body = decode(stored);
  if (!body.ok) return fail({ kind: 'malformed', reason: body.error });
  const envelope = asEnvelope(body.value);
  return envelope === null ? ok(proveFlat(body.value, canonicalText(body.value))) : proveEnvelope(envelope.param);
};
