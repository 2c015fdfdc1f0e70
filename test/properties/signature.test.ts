import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { signCallback, signEnvelope, verifyCallback } from '../../src/verify/callback.ts';
import { explainVerification } from '../../src/verify/explain.ts';
import { signFlat } from '../../src/verify/sha1-secret.ts';
import { decodeText } from '../../src/wire/decode.ts';
import { bodyOf, type Members, members } from '../support/arbitraries.ts';

const RUNS = { numRuns: 1000 };
const secrets = fc.string({ minLength: 1, maxLength: 20 });

const signed = (list: Members, secret: string): Members => {
  const decoded = decodeText(bodyOf(list));
  if (!decoded.ok) throw new Error(decoded.error);
  return [...list, ['sign', JSON.stringify(signFlat(decoded.value, new Secret(secret)))]];
};

const isGenuine = (list: Members, secret: string): boolean =>
  verifyCallback(Buffer.from(bodyOf(list)), { secrets: [new Secret(secret)] });

/** Members that are part of the signed text. */
const isSigned = ([, text]: readonly [string, string]): boolean => text !== 'null' && text !== '""';

describe('a body that we sign', () => {
  it('verifies', () => {
    fc.assert(
      fc.property(members, secrets, (list, secret) => {
        expect(isGenuine(signed(list, secret), secret)).toBe(true);
      }),
      RUNS,
    );
  });

  it('verifies whatever the order of its members', () => {
    fc.assert(
      fc.property(members, secrets, (list, secret) => {
        expect(isGenuine(signed(list, secret).toReversed(), secret)).toBe(true);
      }),
      RUNS,
    );
  });

  it('does not verify with another secret', () => {
    fc.assert(
      fc.property(members, secrets, secrets, (list, secret, other) => {
        fc.pre(secret !== other);
        expect(isGenuine(signed(list, secret), other)).toBe(false);
      }),
      RUNS,
    );
  });

  it('does not verify when any character of a value changes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.string({ minLength: 1 }), { minKeys: 1 }),
        secrets,
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (fields, secret, at, by) => {
          const [name = '', value = ''] = Object.entries(fields)[at % Object.keys(fields).length] ?? [];
          const place = at % value.length;
          const changed = value.slice(0, place) + by + value.slice(place + 1);
          fc.pre(changed !== value);
          const list = Object.entries(fields).map(([key, text]) => [key, JSON.stringify(text)] as const);
          const sign = signed(list, secret).at(-1) as readonly [string, string];
          const forged = Object.entries({ ...fields, [name]: changed }).map(
            ([key, text]) => [key, JSON.stringify(text)] as const,
          );
          expect(isGenuine([...forged, sign], secret)).toBe(false);
        },
      ),
      RUNS,
    );
  });

  it('does not verify when a field that is not empty is dropped or added', () => {
    fc.assert(
      fc.property(members, secrets, fc.nat(), (list, secret, at) => {
        const all = signed(list, secret);
        const dropped = at % list.length;
        fc.pre(isSigned(list[dropped] as readonly [string, string]));
        expect(isGenuine(all.toSpliced(dropped, 1), secret)).toBe(false);
        expect(isGenuine([...all, ['zzz-added', '"x"']], secret)).toBe(false);
      }),
      RUNS,
    );
  });

  it('still verifies when a null or empty field is added: those are not signed', () => {
    fc.assert(
      fc.property(members, secrets, (list, secret) => {
        expect(isGenuine([...signed(list, secret), ['zzz-null', 'null'], ['zzz-empty', '""']], secret)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('signCallback', () => {
  it('writes a body that verifies and replaces an existing sign', () => {
    const secret = new Secret('s');
    const body = signCallback({ eventName: 'x', amount: 5, remark: null, sign: 'old' }, secret);
    expect(verifyCallback(Buffer.from(body), { secrets: [secret] })).toBe(true);
    expect(JSON.parse(body)).toMatchObject({ eventName: 'x', sign: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });

  it('refuses fields that would be malformed', () => {
    const tooDeep = JSON.parse(`{"a":${'['.repeat(9)}${']'.repeat(9)}}`);
    expect(() => signCallback(tooDeep, new Secret('s'))).toThrow('too-deep');
  });
});

const corrupted = fc.tuple(fc.nat(), fc.constantFrom('0', '"', '&', '=', ' ', '}', 'a')).map(
  ([at, character]) =>
    (body: string): string =>
      body.slice(0, at % (body.length + 1)) + character + body.slice((at % (body.length + 1)) + 1),
);

describe('the explanation of a verification', () => {
  it('has the verdict of the verification for genuine, changed and malformed bodies', () => {
    fc.assert(
      fc.property(members, secrets, secrets, fc.option(corrupted), (list, secret, other, corrupt) => {
        const body = bodyOf(signed(list, secret));
        const bytes = Buffer.from(corrupt === null ? body : corrupt(body));
        for (const keys of [{ secrets: [new Secret(secret)] }, { secrets: [new Secret(other)] }, { secrets: [] }]) {
          const full = { publicKeys: [], ...keys };
          expect(explainVerification(bytes, full).isGenuine).toBe(verifyCallback(bytes, full));
        }
      }),
      RUNS,
    );
  });

  it('has the verdict of the verification for envelopes with any appId', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const appIds = fc.constantFrom<unknown>('APP', 'OTHER', '', null, 7, { id: 'APP' }, undefined);
    fc.assert(
      fc.property(appIds, appIds, fc.option(corrupted), (named, own, corrupt) => {
        const body = signEnvelope(named === undefined ? { a: 1 } : { a: 1, appId: named }, privateKey);
        const bytes = Buffer.from(corrupt === null ? body : corrupt(body));
        const keys = { secrets: [], publicKeys: [publicKey], appId: typeof own === 'string' ? own || null : null };
        expect(explainVerification(bytes, keys).isGenuine).toBe(verifyCallback(bytes, keys));
      }),
      { numRuns: 200 },
    );
  });
});
