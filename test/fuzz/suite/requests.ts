import fc from 'fast-check';
import { anyBody, isStillGenuine } from './bodies.ts';

/** The bytes that are written on one connection. */
export type FuzzRequest = {
  readonly kind: string;
  readonly chunks: readonly Uint8Array[];
  /** Whether the reply may be 200. */
  readonly mayBeAccepted: boolean;
};

const path = fc.oneof(
  { weight: 15, arbitrary: fc.constantFrom('/callbacks/payout', '/callbacks', '/merchants/default/callbacks') },
  fc.constantFrom(
    '/callbacks/qr-code',
    '/callbacks/',
    '/callbacks/PAYOUT',
    '/callbacks/payout/../ekyc',
    '/callbacks/%zz',
    '/callbacks/%2e%2e',
    '/merchants/__proto__/callbacks',
    '/merchants/constructor/callbacks/payout',
    `/merchants/${'m'.repeat(3000)}/callbacks`,
    '//callbacks',
    '*',
    'http://other.example/callbacks',
    '/callbacks?product=payout#x',
  ),
  fc.webPath().map((it) => `/x${it}`),
);
const contentType = fc.oneof(
  { weight: 15, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'application/json; charset=utf-16',
    'text/plain',
    'application/json,x',
    ';',
    'a/b/c',
    '__proto__',
    '',
  ),
);
const method = fc.oneof(
  { weight: 20, arbitrary: fc.constant('POST') },
  fc.constantFrom('GET', 'PUT', 'OPTIONS', 'HEAD', 'TRACE', 'CONNECT', 'post', 'QUERY'),
);
const headerValue = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('chunked', '0', '-1', '1e9', 'x'.repeat(17_000)),
);
const moreHeaders = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  fc
    .tuple(
      fc.constantFrom(
        'x',
        'expect',
        'upgrade',
        'content-encoding',
        'transfer-encoding',
        'content-length',
        'host',
        'cookie',
      ),
      headerValue,
    )
    .map(([name, value]) => `${name}: ${value}\r\n`),
  fc.constantFrom(
    'expect: 100-continue\r\n',
    ' folded: x\r\n',
    'no colon\r\n',
    ': empty\r\n',
    'a: b\nc: d\r\n',
    'upgrade: h2c\r\nconnection: upgrade\r\n',
  ),
);

const head = fc.record({ method, path, contentType, moreHeaders });

const noise: fc.Arbitrary<FuzzRequest> = fc
  .uint8Array({ minLength: 1, maxLength: 600 })
  .map((bytes) => ({ kind: 'noise', chunks: [bytes], mayBeAccepted: false }));

/** Splits bytes at these places, as a network might. */
const split = (bytes: Uint8Array, places: readonly number[]): Uint8Array[] => {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index] ?? bytes.length));
};

/** How much a content length is wrong: usually 0. */
const usuallyZero = (lie: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, lie);

const places = fc.array(fc.nat(2000), { maxLength: 4 });

const withLength = fc
  .record({ head, body: anyBody, lie: usuallyZero(fc.constantFrom(1, -1, 7, 100_000)), places })
  .map(({ head: { method, path, contentType, moreHeaders }, body, lie, places }): FuzzRequest => {
    const length = Math.max(0, body.length + lie);
    const lines = `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${contentType}\r\n${moreHeaders}content-length: ${length}\r\nconnection: close\r\n\r\n`;
    const read = body.subarray(0, length);
    const chunks = split(Buffer.concat([Buffer.from(lines), body]), places);
    return { kind: 'length', chunks, mayBeAccepted: isStillGenuine(read) };
  });

const size = (length: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(length.toString(16)) },
    fc.constantFrom(
      '-1',
      'zz',
      'ffffffffffffffff',
      `${length.toString(16)};x="y"`,
      `0${length.toString(16)}`,
      ' 5',
      '',
    ),
  );

const chunked = fc
  .record({
    head,
    body: anyBody,
    places,
    end: fc.constantFrom('0\r\n\r\n', '0\r\n\r\n', '0\r\n\r\n', '0\r\nx: y\r\n\r\n', '', '0\r\n'),
  })
  .chain(({ head: { method, path, contentType }, body, places, end }) => {
    const parts = split(body, places).filter((part) => part.length > 0);
    return fc.tuple(...parts.map((part) => size(part.length))).map((sizes): FuzzRequest => {
      const lines = `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${contentType}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n`;
      const framed = parts.flatMap((part, index) => [Buffer.from(`${sizes[index]}\r\n`), part, Buffer.from('\r\n')]);
      const chunks = [Buffer.from(lines), ...framed, Buffer.from(end)];
      return { kind: 'chunked', chunks, mayBeAccepted: isStillGenuine(body) };
    });
  });

/** Everything that may arrive on a public socket. */
export const anyRequest: fc.Arbitrary<FuzzRequest> = fc.oneof(
  { weight: 6, arbitrary: withLength },
  { weight: 3, arbitrary: chunked },
  { weight: 1, arbitrary: noise },
);
