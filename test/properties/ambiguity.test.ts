import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { interpret } from '../../src/products/interpret.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { signCallback } from '../../src/verify/callback.ts';
import { verify } from '../../src/verify/verify.ts';
import { decodeText } from '../../src/wire/decode.ts';

const secret = new Secret('secret');
const registry = createRegistry(products);

type Members = Readonly<Record<string, string>>;

/** The meaning of the event that a body becomes without confirmation; null if there is none. */
const trustedMeaning = (product: string, body: string): string | null => {
  const decoded = decodeText(body);
  const proof = decoded.ok ? verify(decoded.value, { secrets: [secret], publicKeys: [] }) : decoded;
  if (!proof.ok || proof.value.isAmbiguous) return null;
  const interpreted = interpret(registry, proof.value, { product, timeZone: 'Asia/Manila' });
  return interpreted.ok ? JSON.stringify([interpreted.value.status, interpreted.value.facts]) : null;
};

const signOf = (fields: Members): string => (JSON.parse(signCallback(fields, secret)) as { sign: string }).sign;

const signedTextOf = (fields: Members): string =>
  Object.entries(fields)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** The members of a signed text that is split only at some of its `&`; null if they are not well-formed. */
const splitAt = (text: string, isSplit: () => boolean): Members | null => {
  const pieces: string[] = [];
  for (const [index, piece] of text.split('&').entries()) {
    if (index === 0 || isSplit()) pieces.push(piece);
    else pieces.push(`${pieces.pop()}&${piece}`);
  }
  const members = pieces.map((piece) => [piece.slice(0, piece.indexOf('=')), piece.slice(piece.indexOf('=') + 1)]);
  const isWellFormed = pieces.every((piece) => piece.includes('='));
  return isWellFormed && new Set(members.map(([name]) => name)).size === members.length
    ? Object.fromEntries(members)
    : null;
};

/** The meanings of all trusted events that result from splitting the signed text of these members differently. */
const trustedMeanings = (product: string, genuine: Members, splits: IterableIterator<boolean>): Set<string> => {
  const sign = signOf(genuine);
  const text = signedTextOf(genuine);
  const meanings = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const other = splitAt(text, () => round === 0 || splits.next().value === true);
    const meaning = other === null ? null : trustedMeaning(product, JSON.stringify({ ...other, sign }));
    if (meaning !== null) meanings.add(meaning);
  }
  return meanings;
};

const documented = products.flatMap(({ product, notifications }) =>
  notifications.flatMap(({ examples }) =>
    examples.map(({ fields }) => ({
      product,
      fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])) as Members,
    })),
  ),
);

const innocent = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((text) => !/&[^&=]+=/.test(text) && text.isWellFormed());
const hostile = fc
  .array(
    fc.constantFrom('x', '&', '=', '&status=APPROVED', '&transactionStatus=COMPLETE', '&t=', '&refundStatus=', 'a'),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('a signed text that is split differently', () => {
  it('changes, adds and removes no event when PayCools signed plain values', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...documented),
        innocent,
        fc.infiniteStream(fc.boolean()),
        ({ product, fields }, remark, splits) => {
          const genuine = remark === '' ? fields : { ...fields, remark };
          const sign = signOf(genuine);
          const text = signedTextOf(genuine);
          const other = splitAt(text, () => splits.next().value === true);
          fc.pre(other !== null && signedTextOf(other) === text && JSON.stringify(other) !== JSON.stringify(genuine));
          const before = trustedMeaning(product, JSON.stringify({ ...genuine, sign }));
          const after = trustedMeaning(product, JSON.stringify({ ...other, sign }));
          expect(after === null || after === before).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is trusted in at most one way, whatever a value contains', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...documented),
        hostile,
        fc.infiniteStream(fc.boolean()),
        ({ product, fields }, remark, splits) => {
          const genuine = { ...fields, name: `Juan${remark}`, remark: `x${remark}` };
          expect(trustedMeanings(product, genuine, splits).size).toBeLessThanOrEqual(1);
          if (/&[^&=]+=/.test(remark)) expect(trustedMeaning(product, signCallback(genuine, secret))).toBeNull();
        },
      ),
      { numRuns: 300 },
    );
  });
});
