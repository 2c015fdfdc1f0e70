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

/** Texts near JSON: a body with some of its characters replaced, dropped or doubled. */
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

/** Whether `JSON.parse` takes the text as an object. */
const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** Reasons to refuse what `JSON.parse` takes: two readers could understand it differently. */
const AMBIGUOUS = ['duplicate-key', 'too-deep', 'lone-surrogate', 'forbidden-key', 'too-many-values'];

describe('the decoder', () => {
  it('agrees on the fast path and the exact one wherever the fast one decides', () => {
    fc.assert(
      fc.property(fc.oneof(bodies, nearBodies), (text) => {
        fc.pre(text.isWellFormed()); // as every text is that comes from UTF-8
        const fast = decodeFlat(text);
        fc.pre(fast !== null);
        // The exact one refuses duplicate keys by itself; the fast one leaves that to its caller.
        fc.pre(new Set(fast.map(({ name }) => name)).size === fast.length);
        expect(fast).toEqual(exactOrNull(text));
      }),
      RUNS,
    );
  });

  it('accepts exactly what JSON.parse accepts, except what two readers understand differently', () => {
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
