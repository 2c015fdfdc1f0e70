import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { canonicalText } from '../../src/verify/canonical.ts';
import { signFlat } from '../../src/verify/sha1-secret.ts';
import { verify } from '../../src/verify/verify.ts';
import { decode } from '../../src/wire/decode.ts';
import type { Fields } from '../../src/wire/field.ts';
import { vectorsOf } from '../support/vectors.ts';

const vectors = vectorsOf('sha1-secret');
const keysOf = (...secrets: string[]) => ({ secrets: secrets.map((secret) => new Secret(secret)), publicKeys: [] });

const fieldsOf = (body: string): Fields => {
  const decoded = decode(Buffer.from(body));
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.value;
};

const FORGED = { ok: false, error: { kind: 'forged' } };

describe('the scheme sha1-secret', () => {
  it.each(vectors.filter(({ valid }) => valid))('accepts $id', ({ body, secret = '', canonical }) => {
    const fields = fieldsOf(body);
    expect(`${canonicalText(fields)}&secret=${secret}`).toBe(canonical);
    expect(verify(fields, keysOf(secret))).toMatchObject({
      ok: true,
      value: { scheme: 'sha1-secret', signedText: canonicalText(fields) },
    });
  });

  it.each(vectors.filter(({ reject }) => reject === 'signature'))(
    'refuses the signature of $id',
    ({ body, ...vector }) => {
      const approver = vector.id === 'wrong-secret' ? 'another-secret' : (vector.secret ?? '');
      expect(verify(fieldsOf(body), keysOf(approver))).toEqual(FORGED);
    },
  );

  it.each(vectors.filter(({ reject }) => reject === 'malformed'))('finds $id malformed', ({ body }) => {
    expect(decode(Buffer.from(body)).ok).toBe(false);
  });

  it('accepts the current and the previous secret, and no other', () => {
    const fields = fieldsOf('{"eventName":"x","sign":"35bf4b6daabb6c509cbd3d5ec40a63f187822bba"}');
    expect(verify(fields, keysOf('the-new-one', 'test-secret-not-real')).ok).toBe(true);
    expect(verify(fields, keysOf('the-new-one', 'another'))).toEqual(FORGED);
  });

  it('accepts nothing if the merchant has no secret', () => {
    expect(verify(fieldsOf('{"eventName":"x","sign":"35bf4b6daabb6c509cbd3d5ec40a63f187822bba"}'), keysOf())).toEqual(
      FORGED,
    );
  });

  it.each(['0', '35bf4b6daabb6c509cbd3d5ec40a63f187822bba'])('refuses a valid sign followed by %s', (more) => {
    const fields = fieldsOf(`{"eventName":"x","sign":"35bf4b6daabb6c509cbd3d5ec40a63f187822bba${more}"}`);
    expect(verify(fields, keysOf('test-secret-not-real'))).toEqual(FORGED);
  });

  it('signs the documented example', () => {
    const fields = fieldsOf('{"version":"1.0","amount":100.00,"appId":"f90addc4861540ef9312e87d8f360e08"}');
    expect(signFlat(fields, new Secret('xxxxxxx'))).toBe('c3a0899eec806b0ed2a0b139a1f50ae3ac06b98a');
  });
});
