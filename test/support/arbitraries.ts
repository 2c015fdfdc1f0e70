import fc from 'fast-check';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', 'null', '0', 'a=1&b=2', 'COMPLETE', ' x ', '100.00', 'ñ', '🎉', '\\', '"', '\n', '/'),
);
const number = fc.constantFrom(
  '0',
  '-0',
  '7',
  '312500',
  '-10001',
  '100.00',
  '1E2',
  '1e-7',
  '9007199254740993',
  '123456789012345',
);
const name = fc.oneof(
  fc.constantFrom('amount', 'eventName', 'mchOrderId', 'remark', 'transactionId', 'Sign', 'secret', 'aB', 'a_b', 'ab'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((it) => it !== '__proto__' && it !== 'sign'),
);

/** White space that is legal between two tokens. */
const blank = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n  ');

/** The JSON text of a string, with or without escapes. */
const jsonString = (value: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    JSON.stringify(value),
    JSON.stringify(value).replaceAll('/', '\\/'),
    `"${[...value].map((it) => [...it.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')).join('')}"`,
  );

const scalar = fc.oneof(
  { weight: 4, arbitrary: text.chain(jsonString) },
  number,
  fc.constantFrom('true', 'false', 'null'),
);

const { value: jsonText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: scalar },
    fc
      .array(
        fc.tuple(blank, tie('value'), blank).map((it) => it.join('')),
        { maxLength: 3 },
      )
      .map((it) => `[${it.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(name, tie('value')), { maxLength: 3, selector: ([key]) => key })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
  ),
}));

/** Members of a body, each a name and the JSON text of its value. */
export const members = fc.uniqueArray(fc.tuple(name, jsonText), {
  minLength: 1,
  maxLength: 8,
  selector: ([key]) => key,
});

export type Members = ReadonlyArray<readonly [name: string, text: string]>;

/** The body with these members. */
export const bodyOf = (list: Members): string =>
  `{${list.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;

/** Bodies with white space at any legal place. */
export const bodies = fc
  .tuple(members, fc.array(blank, { minLength: 6, maxLength: 6 }))
  .map(([list, [a, b, c, d, e, f]]) => {
    const inner = list.map(([key, value]) => `${a}${JSON.stringify(key)}${b}:${c}${value}${d}`).join(',');
    return `${e}{${inner}}${f}`;
  });
