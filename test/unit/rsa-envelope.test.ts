import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/core/result.ts';
import type { Secret } from '../../src/core/secret.ts';
import { signEnvelope } from '../../src/verify/callback.ts';
import { loadPublicKey } from '../../src/verify/keys.ts';
import { type Unverified, type Verified, verify } from '../../src/verify/verify.ts';
import { decode } from '../../src/wire/decode.ts';
import { vectorsOf } from '../support/vectors.ts';

const vectors = vectorsOf('rsa-envelope');
const NO_SECRETS: Secret[] = [];

const keyOf = (text = ''): KeyObject => {
  const key = loadPublicKey(text);
  if (!key.ok) throw new Error(key.error);
  return key.value;
};

const judge = (body: string, ...publicKeys: KeyObject[]): Result<Verified, Unverified> => {
  const decoded = decode(Buffer.from(body));
  if (!decoded.ok) return { ok: false, error: { kind: 'malformed', reason: decoded.error } };
  return verify(decoded.value, { secrets: NO_SECRETS, publicKeys });
};

describe('the scheme rsa-envelope', () => {
  it.each(vectors.filter(({ valid }) => valid))('accepts $id, with the key as PEM and as bare base64', (vector) => {
    const accepted = { ok: true, value: { scheme: 'rsa-envelope', signedText: vector.canonical } };
    expect(judge(vector.body, keyOf(vector.publicKey))).toMatchObject(accepted);
    expect(judge(vector.body, keyOf(vector.publicKeyDer))).toMatchObject(accepted);
  });

  it.each(vectors.filter(({ reject }) => reject === 'signature'))('refuses the signature of $id', (vector) => {
    expect(judge(vector.body, keyOf(vector.publicKey))).toEqual({ ok: false, error: { kind: 'forged' } });
  });

  it.each(vectors.filter(({ reject }) => reject === 'malformed'))('finds $id malformed', (vector) => {
    expect(judge(vector.body, keyOf(vector.publicKey))).toMatchObject({
      ok: false,
      error: { kind: 'malformed', reason: 'duplicate-key' },
    });
  });

  it('accepts the current and the previous key, and nothing without a key', () => {
    const [current, previous] = [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('rsa', { modulusLength: 3072 }),
    ];
    const body = signEnvelope({ eventName: 'x' }, previous.privateKey);
    expect(judge(body, current.publicKey, previous.publicKey).ok).toBe(true);
    expect(judge(body, current.publicKey).ok).toBe(false);
    expect(judge(body).ok).toBe(false);
  });

  it('refuses base64 that is not standard', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { param, sign } = JSON.parse(signEnvelope({ eventName: 'x' }, privateKey)) as { param: string; sign: string };
    const variants = [
      ` ${sign}`,
      `${sign}\n`,
      sign.replaceAll('=', ''),
      `${sign.slice(0, 40)} ${sign.slice(40)}`,
      sign.replace(/.$/, '-'),
    ];
    const urlSafe = sign.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    for (const variant of [...variants, urlSafe, '', null, 7]) {
      expect(judge(JSON.stringify({ param, sign: variant }), publicKey)).toEqual({
        ok: false,
        error: { kind: 'forged' },
      });
    }
  });

  it('treats a body with a third member as flat', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const envelope = JSON.parse(signEnvelope({ eventName: 'x' }, privateKey)) as object;
    expect(judge(JSON.stringify({ ...envelope, more: 1 }), publicKey)).toEqual({
      ok: false,
      error: { kind: 'forged' },
    });
  });
});

describe('loadPublicKey', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  const pem = rsa.export({ format: 'pem', type: 'spki' }).toString();
  const der = rsa.export({ format: 'der', type: 'spki' }).toString('base64');

  it.each([
    ['PEM', pem],
    ['PEM with written line breaks', pem.replaceAll('\n', '\\n')],
    ['PEM with blanks around it', `\n  ${pem}  \n`],
    ['bare base64', der],
    ['bare base64 on several lines', der.replaceAll(/(.{64})/g, '$1\n')],
  ])('reads %s', (_name, text) => {
    expect(loadPublicKey(text)).toMatchObject({ ok: true });
  });

  const export_ = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }).toString();
  it.each([
    [
      'a key that is too small',
      export_(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey),
      'at least 2048',
    ],
    ['a key that is not RSA', export_(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey), 'not RSA'],
    [
      'a private key',
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ format: 'pem', type: 'pkcs8' })
        .toString(),
      'neither PEM',
    ],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', 'neither PEM'],
    ['base64 of something else', Buffer.from('hello').toString('base64'), 'cannot be read'],
    ['a broken PEM', pem.replace('MII', 'XXX'), 'cannot be read'],
  ])('refuses %s by name, without showing it', (_name, text, sentence) => {
    const loaded = loadPublicKey(text);
    expect(!loaded.ok && loaded.error).toContain(sentence);
    expect(!loaded.ok && loaded.error).not.toContain('MII');
  });
});
