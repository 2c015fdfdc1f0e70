import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, decodeText } from '../../src/wire/decode.ts';
import { DecodeError, decodeExact } from '../../src/wire/exact.ts';
import { type Field, toRecord } from '../../src/wire/field.ts';
import { decodeFlat } from '../../src/wire/flat.ts';
import { bodies } from '../support/arbitraries.ts';

const RUNS = { numRuns: 2000 };

const exactOrNull = (text: string): Field[] | null => {
  try {
    return decodeExact(text);
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
};

/** Texts close to JSON: bodies with characters replaced, removed or inserted. */
const nearBodies = fc
  .tuple(
    bodies,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '"', ',', '{', '}', ':', '0', '\\', 'e', '\u0000', ' '))),
  )
  .map(([body, edits]) =>
    edits.reduce((text, [at, by]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + by + text.slice(place + (at % 2));
    }, body),
  );

/** Whether `JSON.parse` returns an object. */
const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** Why texts are refused that `JSON.parse` accepts: two parsers could read them differently. */
const AMBIGUOUS = ['duplicate-key', 'too-deep', 'lone-surrogate', 'forbidden-key', 'too-many-values'];

describe('the decoder', () => {
  it('gives the same result on the fast path and the exact one whenever the fast one decides', () => {
    fc.assert(
      fc.property(fc.oneof(bodies, nearBodies), (text) => {
        fc.pre(text.isWellFormed()); // as all decoded UTF-8 is
        const fast = decodeFlat(text);
        fc.pre(fast !== null);
        // The exact path refuses duplicate keys; the fast one leaves that to its caller.
        fc.pre(new Set(fast.map(({ name }) => name)).size === fast.length);
        expect(fast).toEqual(exactOrNull(text));
      }),
      RUNS,
    );
  });

  it('accepts what JSON.parse accepts, except texts that two parsers could read differently', () => {
    fc.assert(
      fc.property(fc.oneof(bodies, nearBodies, fc.string({ unit: 'binary' }), fc.json()), (text) => {
        const decoded = decodeText(text);
        const isAmbiguous = !decoded.ok && AMBIGUOUS.includes(decoded.error);
        expect(decoded.ok || isAmbiguous || !isJsonObject(text)).toBe(true);
        expect(!decoded.ok || isJsonObject(text)).toBe(true);
      }),
      RUNS,
    );
  });

  it('returns the values of JSON.parse for numbers that a double represents exactly', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__') && JSON.stringify(value).isWellFormed());
        fc.pre(!/\\ud[89a-f]/i.test(JSON.stringify(value)));
        const decoded = decodeText(JSON.stringify(value));
        expect(decoded.ok && toRecord(decoded.value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      RUNS,
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof decode(bytes).ok).toBe('boolean');
      }),
      RUNS,
    );
  });
});
