import type { Secret } from '../core/secret.ts';
import type { Fields } from '../wire/field.ts';
import { verifyFlat } from './sha1-secret.ts';

/** How PayCools signs: which one a body uses is told by its shape, never by trying one after another. */
export type Scheme = 'sha1-secret';

/** What a merchant shares with PayCools, each with the previous one while it is being changed. */
export type CallbackKeys = {
  readonly secrets: readonly Secret[];
};

declare const proof: unique symbol;

/** A body of which it is proved that PayCools signed it. Only {@link verify} makes one; nothing else gets further. */
export type Verified = {
  readonly scheme: Scheme;
  readonly fields: Fields;
  /** The signed text, without the secret: what two deliveries of the same body have in common. */
  readonly signedText: string;
  readonly [proof]: true;
};

/** The proof that PayCools signed the body, or null. Why a signature failed is nobody's business on this path. */
export const verify = (body: Fields, keys: CallbackKeys): Verified | null => {
  const signedText = verifyFlat(body, keys.secrets);
  return signedText === null ? null : ({ scheme: 'sha1-secret', fields: body, signedText } as Verified);
};
