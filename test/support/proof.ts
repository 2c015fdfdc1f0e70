import { Secret } from '../../src/core/secret.ts';
import { signCallback } from '../../src/verify/callback.ts';
import { type Verified, verify } from '../../src/verify/verify.ts';
import { decode } from '../../src/wire/decode.ts';

const secret = new Secret('test-secret-not-real');

/** Signs fields as PayCools would and verifies them as the receiver does, the only way to get a `Verified`. */
export const proofOf = (fields: Readonly<Record<string, unknown>>): Verified => {
  const body = decode(Buffer.from(signCallback(fields, secret)));
  const proof = body.ok ? verify(body.value, { secrets: [secret], publicKeys: [] }) : body;
  if (!proof.ok) throw new Error(`not verified: ${JSON.stringify(proof.error)}`);
  return proof.value;
};
