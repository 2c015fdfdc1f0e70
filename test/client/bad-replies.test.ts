import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { clientFor, hangUp, json, payoutRequest, refusal, rejection, serve, silence, success } from './support.ts';

const html = '<html><body><h1>502 Bad Gateway</h1></body></html>';
/** For tests that expect a reply: no short time limit, because the machine may be busy. */
const once = { retry: { attempts: 1 } } as const;
const shortLimits = { timeoutMs: 400, attemptTimeoutMs: 60, retry: { attempts: 1 } } as const;

it.each([
  ['HTML of a proxy', json(html, 502), { problem: 'not-json', httpStatus: 502 }],
  ['HTML with status 200', json(html), { problem: 'not-json', httpStatus: 200 }],
  ['half a reply', json('{"code":1000,"data":{"bal'), { problem: 'not-json' }],
  ['nothing', json(''), { problem: 'not-json' }],
  ['a JSON list', json('[1000]'), { problem: 'not-json' }],
  ['the same member twice', json('{"code":1000,"code":1008}'), { problem: 'not-json' }],
  ['JSON without a code', json({ status: 404, error: 'Not Found' }, 404), { problem: 'no-code', httpStatus: 404 }],
  ['a wrong type', success({ balance: 'much' }), { problem: 'shape' }],
  ['data missing', json({ code: 1000 }), { problem: 'shape' }],
  ['a redirect', json('', 302, { location: 'https://evil.example/' }), { problem: 'redirect', httpStatus: 302 }],
  ['a huge reply', json({ code: 1000, data: { balance: 1, pad: 'x'.repeat(5000) } }), { problem: 'too-large' }],
])('throws a PaycoolsResponseError for %s', async (_, answer, expected) => {
  await using server = await serve(answer);
  const client = clientFor(server.url, { ...once, maxReplyBytes: 4096 });
  await expect(client.account.balance()).rejects.toMatchObject({
    name: 'PaycoolsResponseError',
    code: 'PAYCOOLS_RESPONSE',
    ...expected,
  });
});

it('names the member that is not as documented, never its value', async () => {
  await using server = await serve(success({ balance: 'private' }));
  const error = await rejection(clientFor(server.url).account.balance());
  expect(error).toMatchObject({ details: [expect.stringContaining('balance')] });
  expect(inspect(error)).not.toContain('private');
});

it('cuts off an endless reply at the size limit', async () => {
  await using server = await serve((response) => {
    const more = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more);
    };
    more();
  });
  const client = clientFor(server.url, { ...once, maxReplyBytes: 200_000 });
  await expect(client.account.balance()).rejects.toMatchObject({ problem: 'too-large' });
});

it.each([
  ['silence', silence],
  [
    'a slow drip',
    (response: { write: (text: string) => unknown; once: (event: 'close', then: () => void) => unknown }) => {
      const drip = setInterval(() => response.write(' '), 5);
      response.once('close', () => clearInterval(drip));
    },
  ],
])('throws a PaycoolsTimeoutError for %s', async (_, answer) => {
  await using server = await serve(answer);
  await expect(clientFor(server.url, shortLimits).account.balance()).rejects.toMatchObject({
    name: 'PaycoolsTimeoutError',
    code: 'PAYCOOLS_TIMEOUT',
    timeoutMs: 60,
  });
});

it('limits the whole call, not only each attempt', async () => {
  await using server = await serve(silence);
  const client = clientFor(server.url, { timeoutMs: 100, attemptTimeoutMs: 1000 });
  await expect(client.account.balance()).rejects.toMatchObject({ name: 'PaycoolsTimeoutError', timeoutMs: 100 });
});

it('times out although the given fetch ignores the signal', async () => {
  const client = clientFor('http://127.0.0.1:9', { ...shortLimits, fetch: () => new Promise(() => {}) });
  await expect(client.account.balance()).rejects.toMatchObject({ name: 'PaycoolsTimeoutError' });
});

it('starts no attempt after the deadline, although the given fetch ignores the signal', async () => {
  let calls = 0;
  const fetch = (): Promise<never> => {
    calls += 1;
    return calls === 1 ? Promise.reject(new TypeError('fetch failed')) : new Promise(() => {});
  };
  const { promise, resolve } = Promise.withResolvers<void>();
  const signal = AbortSignal.timeout(50);
  signal.addEventListener('abort', () => resolve());
  const client = clientFor('http://127.0.0.1:9', { fetch, timeoutMs: 50, runtime: { sleep: () => promise } });
  await expect(client.account.balance()).rejects.toMatchObject({ name: 'PaycoolsTimeoutError' });
});

it('throws a PaycoolsResponseError for invalid UTF-8', async () => {
  await using server = await serve((response) => {
    response.end(Buffer.from('7b22636f6465223a313030302c2264617461223a22ff227d', 'hex'));
  });
  await expect(clientFor(server.url, once).account.balance()).rejects.toMatchObject({
    problem: 'not-json',
    details: ['not-utf8'],
  });
});

it('returns the result although the observer throws', async () => {
  await using server = await serve(success({ transactionId: 'D1' }));
  const observe = (): never => {
    throw new Error('the metrics are broken');
  };
  expect(await clientFor(server.url, { observe }).payout.create(payoutRequest)).toEqual({ transactionId: 'D1' });
  expect(server.received).toHaveLength(1);
});

it('throws a PaycoolsNetworkError for a broken connection', async () => {
  await using server = await serve(hangUp);
  await expect(clientFor(server.url, once).account.balance()).rejects.toMatchObject({
    name: 'PaycoolsNetworkError',
    code: 'PAYCOOLS_NETWORK',
  });
});

it('throws a PaycoolsNetworkError when the connection breaks within a reply', async () => {
  await using server = await serve((response) => {
    response.writeHead(200, { 'content-length': '500' });
    response.write('{"code":1000,', () => response.destroy());
  });
  await expect(clientFor(server.url, once).account.balance()).rejects.toMatchObject({ name: 'PaycoolsNetworkError' });
});

it('throws a PaycoolsNetworkError when the caller aborts', async () => {
  const controller = new AbortController();
  await using server = await serve(() => controller.abort());
  const call = clientFor(server.url).payout.create(payoutRequest, { signal: controller.signal });
  await expect(call).rejects.toMatchObject({ name: 'PaycoolsNetworkError', reason: 'aborted', outcome: 'unknown' });
});

it('sends nothing once the caller has aborted', async () => {
  await using server = await serve(success(null));
  const call = clientFor(server.url).payout.create(payoutRequest, { signal: AbortSignal.abort() });
  await expect(call).rejects.toMatchObject({ reason: 'aborted', outcome: 'not-sent' });
  expect(server.received).toHaveLength(0);
});

it.each([
  ['with HTTP 200', json({ code: 1006, message: 'x' }), 1006, 'balance'],
  ['with HTTP 500', json({ code: '1003', msg: 'x' }, 500), 1003, 'auth'],
  ['that is undocumented', refusal(4711), 4711, 'unknown'],
  ['that is not a number', refusal('E_LIMIT'), 'E_LIMIT', 'unknown'],
])('throws a PaycoolsApiError for a code %s', async (_, answer, code, kind) => {
  await using server = await serve(answer);
  const call = clientFor(server.url, once).account.balance();
  await expect(call).rejects.toMatchObject({ name: 'PaycoolsApiError', code, kind });
});

it('does not accept the success code of the global API for a Philippine call', async () => {
  await using server = await serve(json({ code: 10_000, data: { balance: 1 } }), json({ code: 10_000, data: [] }));
  const client = clientFor(server.url, once);
  await expect(client.account.balance()).rejects.toMatchObject({ code: 10_000, kind: 'unknown' });
  expect(await client.checkout.channels()).toEqual([]);
});

it('prints an error without the request and without the message of PayCools', async () => {
  await using server = await serve(json({ code: 1009, message: 'accountName Juan dela Cruz is wrong' }));
  const error = await rejection(clientFor(server.url).payout.create(payoutRequest));
  const printed = inspect(error, { depth: 9 }) + JSON.stringify(error);
  expect(printed).not.toMatch(/Juan|001122334455|sign=|BEGIN/);
  expect(error).toMatchObject({ providerMessage: 'accountName Juan dela Cruz is wrong', kind: 'validation' });
});
