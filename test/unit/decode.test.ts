import { describe, expect, it } from 'vitest';
import { decode } from '../../src/wire/decode.ts';
import { toRecord } from '../../src/wire/field.ts';

const reasonFor = (body: string | Uint8Array): string => {
  const decoded = decode(Buffer.from(body as string));
  return decoded.ok ? 'decoded' : decoded.error;
};

const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

describe('decode', () => {
  it.each([
    ['', 'not-json'],
    ['{', 'not-json'],
    ['{"a":1', 'not-json'],
    ['{"a":01}', 'not-json'],
    ['{"a":"\\{0"0}', 'not-json'],
    ['{"a":"\\"0}', 'not-json'],
    ['{"a":.5}', 'not-json'],
    ['{"a":+1}', 'not-json'],
    ['{"a":NaN}', 'not-json'],
    ["{'a':1}", 'not-json'],
    ['{"a":1}x', 'not-json'],
    ['{"a":1}{"b":2}', 'not-json'],
    ['{"a":"\n"}', 'not-json'],
    ['\ufeff\ufeff{"a":1}', 'not-json'],
    ['{"a":\ufeff1}', 'not-json'],
    ['{"a":1}\u0000', 'not-json'],
    ['[]', 'not-an-object'],
    ['"text"', 'not-an-object'],
    ['42', 'not-an-object'],
    ['null', 'not-an-object'],
    ['{"a":1,"a":1}', 'duplicate-key'],
    ['{"a":{"b":1,"\\u0062":1}}', 'duplicate-key'],
    ['{"__proto__":1}', 'forbidden-key'],
    ['{"a":{"\\u005f_proto__":{"x":1}}}', 'forbidden-key'],
    ['{"a":"\\ud83c"}', 'lone-surrogate'],
    ['{"\\udf89":1}', 'lone-surrogate'],
    [nested(9), 'too-deep'],
    [nested(20_000), 'too-deep'],
    [`{"a":[${'1,'.repeat(1000)}1]}`, 'too-many-values'],
    [`{${Array.from({ length: 1001 }, (_, index) => `"${index}":1`).join()}}`, 'too-many-values'],
  ])('refuses %j as %s', (body, reason) => {
    expect(reasonFor(body)).toBe(reason);
  });

  it.each([
    ['a byte that is not UTF-8', [0x7b, 0xff, 0x7d]],
    ['an overlong form', [0x7b, 0xc0, 0xaf, 0x7d]],
    ['half a character', [0x7b, 0x22, 0xe2, 0x82, 0x22, 0x7d]],
  ])('refuses %s', (_name, bytes) => {
    expect(reasonFor(Uint8Array.from(bytes))).toBe('not-utf8');
  });

  it('accepts 500 members with nested lists, far more than any callback has', () => {
    const members = Array.from({ length: 500 }, (_, index) => [
      `m${index}`,
      index < 20 ? [1, 'two', { three: 3 }] : 'x',
    ]);
    expect(reasonFor(JSON.stringify(Object.fromEntries(members)))).toBe('decoded');
  });

  it('ignores a byte-order mark', () => {
    expect(reasonFor('\ufeff{"a":1}')).toBe('decoded');
  });

  it('accepts depth 8', () => {
    expect(reasonFor(nested(8))).toBe('decoded');
  });

  it('represents numbers exactly: as numbers if a double writes them the same, else as text', () => {
    const decoded = decode(
      Buffer.from('{"a":312500,"b":100.00,"c":9007199254740993,"d":-0,"e":1e2,"f":0.5,"g":[1.10]}'),
    );
    expect(decoded.ok && toRecord(decoded.value)).toEqual({
      a: 312500,
      b: '100.00',
      c: '9007199254740993',
      d: '-0',
      e: '1e2',
      f: 0.5,
      g: ['1.10'],
    });
  });

  it('sorts the fields by UTF-16 code unit', () => {
    const decoded = decode(Buffer.from('{"b":1,"a":1,"B":1,"_":1,"\ufb01":1,"\u{1f389}":1}'));
    expect(decoded.ok && decoded.value.map(({ name }) => name)).toEqual(['B', '_', 'a', 'b', '\u{1f389}', '\ufb01']);
  });
});
