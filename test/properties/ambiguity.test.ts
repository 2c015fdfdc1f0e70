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

/** What a body with a given sign becomes on the signature alone: its event's meaning, or null. */
const believed = (product: string, body: string): string | null => {
  const decoded = decodeText(body);
  const proof = decoded.ok ? verify(decoded.value, { secrets: [secret], publicKeys: [] }) : decoded;
  if (!proof.ok || proof.value.isAmbiguous) return null;
  const interpreted = interpret(registry, proof.value, { product, timeZone: 'Asia/Manila' });
  return interpreted.ok ? JSON.stringify([interpreted.value.status, interpreted.value.facts]) : null;
};

const signOf = (fields: Members): string => (JSON.parse(signCallback(fields, secret)) as { sign: string }).sign;

const textOf = (fields: Members): string =>
  Object.entries(fields)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** The members that a signed text has when it is cut at these of its `&`. */
const cutAt = (text: string, isCut: readonly boolean[]): Members | null => {
  const pieces: string[] = [];
  for (const [index, piece] of text.split('&').entries()) {
    if (index === 0 || isCut[index - 1] === true) pieces.push(piece);
    else pieces.push(`${pieces.pop()}&${piece}`);
  }
  const members = pieces.map((piece) => [piece.slice(0, piece.indexOf('=')), piece.slice(piece.indexOf('=') + 1)]);
  const isWellFormed = pieces.every((piece) => piece.includes('='));
  return isWellFormed && new Set(members.map(([name]) => name)).size === members.length
    ? Object.fromEntries(members)
    : null;
};

/** All the events that ways to cut the signed text of these members are believed as. */
const believedWays = (product: string, genuine: Members, cuts: IterableIterator<boolean>): Set<string> => {
  const sign = signOf(genuine);
  const text = textOf(genuine);
  const ways = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const isCut = Array.from({ length: text.split('&').length - 1 }, () => round === 0 || cuts.next().value === true);
    const other = cutAt(text, isCut);
    const event = other === null ? null : believed(product, JSON.stringify({ ...other, sign }));
    if (event !== null) ways.add(event);
  }
  return ways;
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
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));

describe('a signed text that is cut in another way', () => {
  it('changes, adds and removes no event where PayCools signed plain values', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...documented),
        innocent,
        fc.infiniteStream(fc.boolean()),
        ({ product, fields }, remark, cuts) => {
          const genuine = remark === '' ? fields : { ...fields, remark };
          const sign = signOf(genuine);
          const text = textOf(genuine);
          const isCut = Array.from({ length: text.split('&').length - 1 }, () => cuts.next().value === true);
          const other = cutAt(text, isCut);
          fc.pre(other !== null && textOf(other) === text && JSON.stringify(other) !== JSON.stringify(genuine));
          const before = believed(product, JSON.stringify({ ...genuine, sign }));
          const after = believed(product, JSON.stringify({ ...other, sign }));
          expect(after === null || after === before).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is believed in one way at most, whatever a value holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...documented),
        hostile,
        fc.infiniteStream(fc.boolean()),
        ({ product, fields }, remark, cuts) => {
          const genuine = { ...fields, name: `Juan${remark}`, remark: `x${remark}` };
          expect(believedWays(product, genuine, cuts).size).toBeLessThanOrEqual(1);
          if (/&[^&=]+=/.test(remark)) expect(believed(product, signCallback(genuine, secret))).toBeNull();
        },
      ),
      { numRuns: 300 },
    );
  });
});
