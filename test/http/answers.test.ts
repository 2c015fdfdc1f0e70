import { describe, expect, it } from 'vitest';
import { payoutFields, post, postPayout, sign } from '../support/callback.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { makeTenth } from '../support/tenth.ts';

const problem = (code: string, status: number, title: string) => ({
  status,
  problem: {
    type: `urn:paycools-webhooks:problem:${code}`,
    title,
    status,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  },
});
const UNAUTHORIZED = problem('unauthorized', 401, 'The callback could not be verified.');
const MALFORMED = problem('malformed', 400, 'The request is not well-formed; its body must be one JSON object.');
const NOT_FOUND = problem('not-found', 404, 'Not found.');

const genuine = sign(payoutFields());
const withSign = (value: unknown): string => JSON.stringify({ ...payoutFields(), sign: value });

const start = async () => {
  const { publicUrl } = await startTestService();
  const ask = async (path: string, body: string | Uint8Array = genuine, headers = {}) => {
    const answer = await post(`${publicUrl}${path}`, body, headers);
    return { ...answer, problem: JSON.parse(answer.body) as unknown };
  };
  return { ask, publicUrl };
};

describe('the public listener', () => {
  it.each([
    '/callbacks/payout',
    '/callbacks',
    '/callbacks/payout/',
    '/merchants/default/callbacks/payout',
    '/merchants/default/callbacks',
  ])('acknowledges a genuine callback at %s', async (path) => {
    const { ask } = await start();
    const { status, body, headers } = await ask(path);
    expect({ status, body }).toEqual({ status: 200, body: '{"code":1,"msg":"success","data":{}}' });
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it.each([
    ['another secret', sign(payoutFields(), 'another')],
    ['a changed amount', genuine.replace('312500', '312501')],
    ['no sign', JSON.stringify(payoutFields())],
    ['an empty sign', withSign('')],
    ['null as sign', withSign(null)],
    ['a number as sign', withSign(1234567890)],
    ['an object as sign', withSign({ a: 1 })],
    ['a sign that is too short', withSign('c0ffee')],
    ['a sign that is too long', withSign('0'.repeat(41))],
    ['a sign that is not hex', withSign('g'.repeat(40))],
    ['a sign with blanks', withSign(` ${'0'.repeat(39)}`)],
    ['an empty object', '{}'],
  ])('refuses %s with 401 and no reason', async (_name, body) => {
    const { ask } = await start();
    const answer = await ask('/callbacks/payout', body);
    expect(answer).toMatchObject(UNAUTHORIZED);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(Object.keys(answer.problem as object)).toEqual(['type', 'title', 'status', 'requestId']);
  });

  it('replies to an unknown merchant as to a bad signature', async () => {
    const { ask } = await start();
    expect(await ask('/merchants/nobody/callbacks/payout')).toMatchObject(UNAUTHORIZED);
  });

  it.each([
    ['nothing', ''],
    ['text that is not JSON', 'hello'],
    ['half a body', genuine.slice(0, 50)],
    ['an array', '[1]'],
    ['a duplicate key', genuine.replace('{', '{"amount":1,')],
    ['__proto__', genuine.replace('{', '{"__proto__":1,')],
    ['a body that is too deep', `{"a":${'['.repeat(20)}${']'.repeat(20)}}`],
    ['bytes that are not UTF-8', Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['random bytes', Uint8Array.from({ length: 999 }, (_, index) => (index * 7919) % 256)],
  ])('refuses %s with 400', async (_name, body) => {
    const { ask } = await start();
    expect(await ask('/callbacks/payout', body)).toMatchObject(MALFORMED);
  });

  it.each(['/callbacks/payouts', '/callbacks/PAYOUT', '/callbacks/payout/x', '/', '/callback', '/merchants/default'])(
    'replies 404 at %s',
    async (path) => {
      const { ask } = await start();
      expect(await ask(path)).toMatchObject(NOT_FOUND);
    },
  );

  it('accepts a body of exactly the limit and refuses a larger one with 413', async () => {
    const { ask } = await start();
    const padded = (size: number): string => {
      const body = sign(payoutFields());
      return `${body.slice(0, -1)}${' '.repeat(size - body.length)}}`;
    };
    expect(await ask('/callbacks/payout', padded(65_537))).toMatchObject({ status: 413 });
    expect(await ask('/callbacks/payout', padded(65_536))).toMatchObject({ status: 200 });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'application/jsonp', ''])(
    'refuses the content type %j with 415',
    async (type) => {
      const { ask } = await start();
      expect(await ask('/callbacks/payout', genuine, { 'content-type': type })).toMatchObject({ status: 415 });
    },
  );

  it.each(['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'Application/JSON'])(
    'accepts the content type %s',
    async (type) => {
      const { ask } = await start();
      expect(await ask('/callbacks/payout', genuine, { 'content-type': type })).toMatchObject({ status: 200 });
    },
  );

  it('replies to /healthz', async () => {
    const { publicUrl } = await start();
    const answer = await fetch(`${publicUrl}/healthz`);
    expect([answer.status, await answer.text()]).toEqual([200, '{"status":"ok"}']);
  });

  it('accepts a genuine payout on another address and counts it as misrouted', async () => {
    const service = await startTestService({ definitions: makeTenth() });
    expect((await post(`${service.publicUrl}/callbacks/tenth`, genuine)).status).toBe(200);
    const metrics = await (await fetch(`${service.opsUrl}/metrics`)).text();
    expect(metrics).toContain('paycools_callbacks_misrouted_total 1');
  });
});

describe('a callback in the log and the metrics', () => {
  it('is one line per callback, with ids and without payload or secrets', async () => {
    const { publicUrl, logLines } = await startTestService();
    await postPayout(publicUrl, { remark: 'hush-remark' });
    const lines = logLines.filter((line) => line.includes('"msg":"callback"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      merchant: 'default',
      product: 'payout',
      outcome: 'accepted',
      status: 200,
      type: 'com.paycools.payout.succeeded',
      transactionId: 'D1032653961082864323',
    });
    expect(logLines.join('')).not.toContain('hush-remark');
    expect(logLines.join('')).not.toContain(SECRET);
  });

  it('adds no labels, whatever is sent', async () => {
    const { publicUrl, opsUrl } = await startTestService();
    await post(`${publicUrl}/callbacks/payout`, genuine);
    await post(`${publicUrl}/callbacks/payout`, genuine);
    await post(`${publicUrl}/merchants/made-up/callbacks/made-up`, genuine);
    await post(`${publicUrl}/merchants/made-up/callbacks`, '{}');
    const metrics = await (await fetch(`${opsUrl}/metrics`)).text();
    expect(metrics.split('\n').filter((line) => line.startsWith('paycools_callbacks_total'))).toEqual([
      'paycools_callbacks_total{merchant="default",product="payout",outcome="accepted"} 1',
      'paycools_callbacks_total{merchant="default",product="payout",outcome="duplicate"} 1',
      'paycools_callbacks_total{merchant="unknown",product="unknown",outcome="forged"} 1',
    ]);
    expect(metrics).toMatch(/paycools_callback_duration_seconds_count\{product="payout",outcome="accepted"\} 1/);
    expect(metrics).toMatch(/paycools_enqueue_duration_seconds_count 1/);
    expect(metrics).toContain('paycools_redis_up 1');
    expect(metrics).not.toContain('made-up');
  });
});

describe('the operations listener', () => {
  it('serves /livez, /readyz, /metrics and nothing else', async () => {
    const { opsUrl } = await startTestService();
    const statuses = await Promise.all(
      ['/livez', '/readyz', '/metrics', '/nothing'].map(async (path) => (await fetch(`${opsUrl}${path}`)).status),
    );
    expect(statuses).toEqual([200, 200, 200, 404]);
  });
});
