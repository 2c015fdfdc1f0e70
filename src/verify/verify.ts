import type { KeyObject } from 'node:crypto';
import type { JsonRecord } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';
import { decode, decodeText } from '../wire/decode.ts';
import { asEnvelope, type Envelope } from '../wire/envelope.ts';
import type { DecodeReason } from '../wire/exact.ts';
import { type Fields, toRecord } from '../wire/field.ts';
import { canonicalText, SIGN_FIELD } from './canonical.ts';
import { verifyRsa } from './rsa.ts';
import { verifyFlat } from './sha1-secret.ts';

/** How PayCools signs: which one a body uses is told by its shape, never by trying one after another. */
export type Scheme = 'sha1-secret' | 'rsa-envelope';

/** What a merchant shares with PayCools: the current one first, then the previous one while it is being changed. */
export type CallbackKeys = {
  readonly secrets: readonly Secret[];
  readonly publicKeys: readonly KeyObject[];
};

declare const proof: unique symbol;

/** A body of which it is proved that PayCools signed it. Only this file makes one; nothing else gets further. */
export type Verified = {
  readonly scheme: Scheme;
  /** The members as received, without `sign`. */
  readonly raw: JsonRecord;
  /** The signed text, without the secret: what two deliveries of the same body have in common. */
  readonly signedText: string;
  readonly [proof]: true;
};

/** Why there is no proof. `forged` says no more, because the reader may be the forger. */
export type Unverified = { readonly kind: 'forged' } | { readonly kind: 'malformed'; readonly reason: DecodeReason };

const FORGED = { kind: 'forged' } as const;

const prove = (scheme: Scheme, fields: Fields, signedText: string): Verified => {
  const raw = toRecord(fields.filter(({ name }) => name !== SIGN_FIELD));
  return { scheme, raw, signedText } as Verified;
};

const proveEnvelope = (param: string): Result<Verified, Unverified> => {
  const inner = decodeText(param);
  if (!inner.ok) return fail({ kind: 'malformed', reason: inner.error });
  return ok(prove('rsa-envelope', inner.value, param));
};

const verifyEnvelope = ({ param, sign }: Envelope, keys: readonly KeyObject[]): Result<Verified, Unverified> => {
  const isGenuine = typeof sign === 'string' && keys.some((key) => verifyRsa(param, sign, key));
  return isGenuine ? proveEnvelope(param) : fail(FORGED);
};

/** The proof that PayCools signed the body. The scheme follows from the body's shape, the algorithm from the scheme. */
export const verify = (body: Fields, keys: CallbackKeys): Result<Verified, Unverified> => {
  const envelope = asEnvelope(body);
  if (envelope !== null) return verifyEnvelope(envelope, keys.publicKeys);
  const signedText = verifyFlat(body, keys.secrets);
  return signedText === null ? fail(FORGED) : ok(prove('sha1-secret', body, signedText));
};

/**
 * The proof of a body that was verified before it was put into quarantine. The keys may have changed since, so it is not
 * asked of them again. Never call this with anything that did not come out of the merchant's own Redis.
 */
export const trustStoredBody = (unrecognizedCallbacks: Uint8Array): Result<Verified, Unverified> => {
  const body = decode(unrecognizedCallbacks);
  if (!body.ok) return fail({ kind: 'malformed', reason: body.error });
  const envelope = asEnvelope(body.value);
  return envelope === null
    ? ok(prove('sha1-secret', body.value, canonicalText(body.value)))
    : proveEnvelope(envelope.param);
};
