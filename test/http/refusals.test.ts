import { describe, expect, it } from 'vitest';
import { payoutFields, post, sign } from '../support/callback.ts';
import { until } from '../support/until.ts';
import { forged, genuine, head, startSockets } from './support.ts';

/** The head of the raw reply, and its problem. */
const parse = (reply: string) => {
  const [head = '', body = ''] = reply.split('\r\n\r\n');
  return { head, status: Number(head.split(' ')[1]), problem: body === '' ? null : JSON.parse(body) };
};

const line = (method: string, path: string): string =>
  `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`;

const cases: readonly (readonly [what: string, bytes: string, status: number, reason: string])[] = [
  ['a double slash', line('POST', '//callbacks/payout'), 404, 'path'],
  ['an unknown path', line('POST', '/callback/payout'), 404, 'path'],
  ['an unknown product', line('POST', '/callbacks/payouts'), 404, 'path'],
  ['an over-long parameter', line('POST', `/callbacks/${'a'.repeat(101)}`), 404, 'path'],
  ['an over-long merchant', line('POST', `/merchants/${'a'.repeat(101)}/callbacks`), 404, 'path'],
  ['an odd method on an unknown path', line('PROPFIND', '/x'), 404, 'path'],
  ['a malformed URL', line('POST', '/callbacks/%zz"<script>'), 400, 'syntax'],
  ['text that is not HTTP', 'rubbish\r\n\r\n', 400, 'syntax'],
  ['an unknown method', line('BREW', '/callbacks/payout'), 400, 'syntax'],
  ['GET', line('GET', '/callbacks/payout'), 405, 'method'],
  ['OPTIONS', line('OPTIONS', '/callbacks'), 405, 'method'],
  ['PUT', line('PUT', '/merchants/acme/callbacks/payout'), 405, 'method'],
  ['PROPFIND', line('PROPFIND', '/callbacks/payout'), 405, 'method'],
  ['too large a body', head(10_000_000), 413, 'size'],
  ['another content type', line('POST', '/callbacks').replace('/json', '/xml'), 415, 'type'],
  ['no content type', line('POST', '/callbacks').replace('content-type', 'x-type'), 415, 'type'],
  ['a content encoding', head(2, 'content-encoding: gzip\r\nconnection: close\r\n'), 415, 'type'],
  ['headers that are too large', head(2, `x: ${'y'.repeat(20_000)}\r\n`), 431, 'headers'],
];

describe('a refusal', () => {
  it('is a problem that echoes nothing, one log line and one count, whichever layer refuses', async () => {
    const { talk, logged, metric } = await startSockets();
    for (const [what, bytes, status, reason] of cases) {
      const before = await metric(`paycools_http_refusals_total{reason="${reason}"}`);
      const reply = parse(await talk(bytes));
      expect(reply, what).toMatchObject({ status, problem: { status } });
      expect(Object.keys(reply.problem), what).toEqual(['type', 'title', 'status', 'requestId']);
      expect(reply.head.toLowerCase(), what).toContain('content-type: application/problem+json');
      expect(reply.head.includes('allow: POST'), what).toBe(status === 405);
      const lines = logged('refused').filter(({ requestId }) => requestId === reply.problem.requestId);
      expect(lines, what).toMatchObject([{ level: 'warn', reason, status, source: '127.0.0.1' }]);
      expect(await metric(`paycools_http_refusals_total{reason="${reason}"}`), what).toBe(before + 1);
    }
    expect(JSON.stringify(logged('refused'))).not.toMatch(/zz|script|aaaa|yyyy/);
    expect(await metric('paycools_callbacks_total{merchant="default",product="payout",outcome="refused"}')).toBeNaN();
  });

  it('is counted once, as aborted, when its sender disconnects midway', async () => {
    const { open, logged, metric } = await startSockets();
    for (const bytes of [head(500) + genuine.slice(0, 40), head(500).slice(0, 30)]) {
      const socket = await open();
      socket.end(bytes);
    }
    await until(async () => logged('refused').length === 2, { what: 'both are logged', timeoutMs: 5000 });
    expect(logged('refused').map(({ reason }) => reason)).toEqual(['aborted', 'aborted']);
    expect(await metric('paycools_http_refusals_total{reason="aborted"}')).toBe(2);
  });

  it('is never logged for /healthz', async () => {
    const { publicUrl, logged } = await startSockets();
    await fetch(`${publicUrl}/healthz`);
    expect([...logged('refused'), ...logged('callback')]).toEqual([]);
  });

  it('is collapsed in the log during a flood, but not in the metric', async () => {
    const { publicUrl, logged, metric } = await startSockets();
    const ask = () => post(`${publicUrl}/callback`, genuine);
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 30 }, ask));
    const counted = (): number => logged('refused').reduce((sum, { count = 1 }) => sum + Number(count), 0);
    await until(async () => counted() === 300, { what: 'every refusal is counted in a line', timeoutMs: 5000 });
    expect(logged('refused').length).toBeLessThan(100);
    expect(await metric('paycools_http_refusals_total{reason="path"}')).toBe(300);
  });
});

describe('a callback that is not accepted', () => {
  it('is logged with its source and the reason', async () => {
    const { publicUrl, logged } = await startSockets();
    await post(`${publicUrl}/callbacks/payout`, forged);
    await post(`${publicUrl}/merchants/nobody/callbacks/payout`, genuine);
    await post(`${publicUrl}/callbacks/payout`, 'x');
    await post(`${publicUrl}/callbacks/payout`, genuine);
    expect(logged('callback')).toMatchObject([
      { level: 'warn', source: '127.0.0.1', outcome: 'forged', reason: 'signature' },
      { level: 'warn', source: '127.0.0.1', outcome: 'forged', reason: 'unknown merchant' },
      { level: 'warn', source: '127.0.0.1', outcome: 'malformed', reason: 'not-json' },
      { level: 'info', source: '127.0.0.1', outcome: 'accepted' },
    ]);
  });
});

describe('the public listener', () => {
  it.each([
    ['a trailing slash', '/callbacks/payout/', genuine, 'application/json'],
    ['a byte-order mark', '/callbacks/payout', `\ufeff${genuine}`, 'application/json'],
    ['a parameter of the content type', '/callbacks/payout', genuine, 'application/json; charset=utf-8'],
    ['a parameter without a value', '/callbacks/payout', genuine, 'application/json; charset'],
    ['a dangling semicolon', '/callbacks/payout', genuine, 'application/json;'],
  ])('accepts %s', async (_what, path, body, type) => {
    const { publicUrl } = await startSockets();
    expect((await post(`${publicUrl}${path}`, body, { 'content-type': type })).status).toBe(200);
  });

  it('accepts a callback without a Host header and with an unknown Expect header', async () => {
    const { talk } = await startSockets();
    const body = sign(payoutFields());
    const bytes = head(body.length, 'expect: wonders\r\nconnection: close\r\n').replace('host: x\r\n', '') + body;
    expect(await talk(bytes)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
