import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { type CallbackKeys, verify } from '../../src/verify/verify.ts';
import { decodeText } from '../../src/wire/decode.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const known: CallbackKeys = { secrets: [new Secret('a secret')], publicKeys: [publicKey] };
const nobody: CallbackKeys = { secrets: [], publicKeys: [] };

const fieldsOf = (body: object) => {
  const decoded = decodeText(JSON.stringify(body));
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.value;
};

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const ROUNDS = 600;

/** How long a callback for an unknown merchant takes compared with a bad signature, measured alternately. */
const ratioOf = (body: object): number => {
  const fields = fieldsOf(body);
  const times = new Map<CallbackKeys, number[]>([
    [known, []],
    [nobody, []],
  ]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [keys, taken] of times) {
      const started = performance.now();
      verify(fields, keys);
      taken.push(performance.now() - started);
    }
  }
  return median(times.get(nobody) ?? []) / median(times.get(known) ?? []);
};

const closestToEqual = (body: object): number =>
  Array.from({ length: 5 }, () => Math.abs(Math.log(ratioOf(body)))).reduce((least, it) => Math.min(least, it));

describe('an unknown merchant', () => {
  it.each([
    ['sha1-secret', { remark: 'x'.repeat(60_000), sign: '0'.repeat(40) }],
    ['rsa-envelope', { param: 'x'.repeat(60_000), sign: 'A'.repeat(342).concat('==') }],
  ])('takes as long as a bad signature of the scheme %s', (_scheme, body) => {
    expect(closestToEqual(body)).toBeLessThan(Math.log(1.2));
  });
});
