import fc from 'fast-check';
import { createNumbering } from '../../faults/suite/numbered.ts';
import { bodies } from '../../support/arbitraries.ts';

/** The only genuine callback of the fuzz. Other bodies are made from it, or are not callbacks at all. */
export const genuine = createNumbering(0).bodyOf(1);

const handmade = fc.constantFrom(
  '',
  'null',
  '[]',
  '""',
  '0',
  '{}',
  '{"sign":null}',
  '{"sign":{}}',
  '{"sign":"' + '0'.repeat(40) + '"}',
  '{"param":"","sign":""}',
  '{"param":"{}","sign":"AAAA"}',
  '{"param":' + JSON.stringify(genuine) + ',"sign":"' + 'A'.repeat(344) + '"}',
  '\uFEFF' + genuine,
  genuine.replace('{', '{"__proto__":{"sign":""},'),
  genuine.replace('{', '{"constructor":{"prototype":{}},'),
  genuine.replace('{', '{"amount":1,'),
  genuine.replace('{', '{"\\u0061mount":1,'),
  genuine.replace('{', '{"a":"\\ud800",'),
  genuine.replace(/"amount":\d+/, '"amount":1e309'),
  genuine.replace(/"amount":\d+/, `"amount":${'9'.repeat(5000)}`),
  genuine.replace(/"amount":\d+/, '"amount":-0'),
  '['.repeat(20_000),
  '{"a":'.repeat(10_000),
  '['.repeat(30_000) + ']'.repeat(30_000),
  `{${Array.from({ length: 5000 }, (_, index) => `"k${index}":1`).join(',')}}`,
  `{"a":"${'\\u0000'.repeat(9000)}"}`,
  `{"a":"${'x'.repeat(65_000)}"}`,
  '{"eventName":"payment.verification","sign":"' + 'f'.repeat(40) + '"}',
);

type Mutator = (body: Buffer, at: number, length: number, bytes: Uint8Array) => Uint8Array;

const mutators: readonly Mutator[] = [
  (body, at, _length, [byte = 0]) => body.with(at, byte),
  (body, at, _length, [byte = 0]) => body.with(at, (body[at] ?? 0) ^ (1 << (byte % 8))),
  (body, at, length) => Buffer.concat([body.subarray(0, at), body.subarray(at + length)]),
  (body, at, length) => Buffer.concat([body.subarray(0, at + length), body.subarray(at)]),
  (body, at, _length, bytes) => Buffer.concat([body.subarray(0, at), bytes, body.subarray(at)]),
  (body, at) => body.subarray(0, at),
  (body, _at, _length, bytes) => Buffer.concat([body, bytes]),
  (body) => Buffer.concat([body, body]),
];

const start = Buffer.from(genuine);

/** A genuine body with one to three mutations. It may stay genuine: a blank more does not change the callback. */
const mutated = fc
  .array(
    fc.tuple(
      fc.constantFrom(...mutators),
      fc.nat(start.length - 1),
      fc.integer({ min: 1, max: 40 }),
      fc.uint8Array({ minLength: 1, maxLength: 12 }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((steps) =>
    steps.reduce<Uint8Array>((body, [mutate, at, length, bytes]) => {
      if (body.length === 0) return body;
      return mutate(Buffer.from(body), Math.min(at, body.length - 1), length, bytes);
    }, start),
  );

const fields = JSON.parse(genuine) as Record<string, unknown>;
const odd = fc.oneof(
  fc.constantFrom(null, '', 0, -1, true, {}, [], '312500', '\uFF11', 'COMPLETE ', 'a&b=c', '__proto__'),
  fc.integer(),
  fc.string({ maxLength: 10 }),
);
const reshaping = fc.record({
  name: fc.oneof(fc.constantFrom(...Object.keys(fields)), fc.constantFrom('secret', 'Sign', 'amount ', '', '&amount')),
  value: odd,
  how: fc.constantFrom('change', 'change', 'drop', 'move'),
});

/** Well-formed JSON with the genuine sign and with fields changed, dropped, added, moved or written differently. */
const reshaped = fc
  .tuple(fc.array(reshaping, { minLength: 1, maxLength: 3 }), fc.constantFrom(undefined, 1, '\t'))
  .map(([steps, indent]) => {
    const changed = { ...fields };
    for (const { name, value, how } of steps) {
      const before = changed[name];
      if (how !== 'change') delete changed[name];
      if (how === 'move' && before !== undefined) changed[name] = before;
      if (how === 'change') changed[name] = value;
    }
    return JSON.stringify(changed, null, indent);
  });

const asBytes = (text: string): Uint8Array => Buffer.from(text);

/** Bodies of all kinds, from noise to nearly genuine ones. */
export const anyBody: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 5, arbitrary: mutated },
  { weight: 5, arbitrary: reshaped.map(asBytes) },
  { weight: 2, arbitrary: handmade.map(asBytes) },
  { weight: 2, arbitrary: bodies.map(asBytes) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 12 }).map(asBytes) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) },
);

const isEmpty = (value: unknown): boolean => value === null || value === '';

/** What a body means by the rules of the signature; null if it is not an object. */
const meaningOf = (body: Uint8Array): string | null => {
  try {
    const fields: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof fields !== 'object' || fields === null) return null;
    const signed = Object.entries(fields).filter(([, value]) => !isEmpty(value));
    return signed
      .map(([name, value]) => `${name}=${name === 'sign' ? String(value).toLowerCase() : String(value)}`)
      .sort()
      .join('\n');
  } catch {
    return null;
  }
};

const genuineMeaning = meaningOf(start);

/** Whether a body means the same as the genuine one, so that 200 is the right reply to it. */
export const isStillGenuine = (body: Uint8Array): boolean => meaningOf(body) === genuineMeaning;
