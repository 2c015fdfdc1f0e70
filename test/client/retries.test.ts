import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, retryAfterMs } from '../../src/client/retry-timing.ts';
import { clientFor, hangUp, json, refusal, rejection, serve, silence, success } from './support.ts';

const balance = success({ balance: 7 });

describe('a call that only reads', () => {
  it.each([
    ['a lost connection', hangUp],
    ['the code 1013', refusal(1013)],
    ['the code 1018', refusal(1018)],
    ['the code 1503', refusal(1503)],
    ['HTML with status 503', json('<html>', 503)],
    ['an unknown code with status 500', json({ code: 500 }, 500)],
  ])('is repeated after %s', async (_, answer) => {
    await using server = await serve(answer, answer, balance);
    expect(await clientFor(server.url).account.balance()).toEqual({ balance: 7 });
    expect(server.received).toHaveLength(3);
  });

  it('is repeated after an attempt without a reply', async () => {
    await using server = await serve(silence, balance);
    expect(await clientFor(server.url, { attemptTimeoutMs: 400 }).account.balance()).toEqual({ balance: 7 });
  });

  it.each([
    ['a wrong signature', refusal(1003)],
    ['an unknown code', refusal(4711)],
    ['HTML with status 200', json('<html>')],
    ['HTML with status 404', json('<html>', 404)],
    ['a reply that is not as documented', success({ balance: 'x' })],
  ])('is not repeated after %s', async (_, answer) => {
    await using server = await serve(answer, balance);
    await rejection(clientFor(server.url).account.balance());
    expect(server.received).toHaveLength(1);
  });

  it('fails after its last attempt', async () => {
    await using server = await serve(refusal(1013));
    await expect(clientFor(server.url).account.balance()).rejects.toMatchObject({ code: 1013, retryable: true });
    expect(server.received).toHaveLength(3);
  });

  it('is made once if retry is false', async () => {
    await using server = await serve(refusal(1013), balance);
    await rejection(clientFor(server.url, { retry: false }).account.balance());
    expect(server.received).toHaveLength(1);
  });

  it('is signed again for every attempt, each with its own timestamp', async () => {
    let now = 1_700_000_000_000;
    await using server = await serve(refusal(1018), success({ tokenList: [] }));
    const runtime = {
      now: () => {
        now += 1;
        return now;
      },
    };
    await clientFor(server.url, { runtime }).directDebit.authorizationStatus({ userId: 'u' });
    const bodies = server.received.map(({ body }) => JSON.parse(body));
    const stamps = bodies.map(({ param }) => JSON.parse(param).timestamp);
    expect(new Set(stamps).size).toBe(2);
    expect(bodies[0].sign).not.toBe(bodies[1].sign);
  });
});

describe('the wait before the next attempt', () => {
  const waitsOf = async (retryAfter: string, timeoutMs: number): Promise<readonly number[]> => {
    const waits: number[] = [];
    await using server = await serve(json({ code: 1013 }, 200, { 'retry-after': retryAfter }), balance);
    const sleep = async (ms: number): Promise<void> => {
      waits.push(ms);
    };
    await rejection(clientFor(server.url, { timeoutMs, runtime: { sleep, random: () => 0.5 } }).account.balance());
    return waits;
  };

  it('is at least as long as Retry-After asks for', async () => {
    expect(await waitsOf('2', 10_000)).toEqual([2000]);
  });

  it('ends when the caller aborts, with the outcome of the last attempt', async () => {
    const controller = new AbortController();
    await using server = await serve((response, request) => {
      json({ code: 1013 }, 200, { 'retry-after': '2' })(response, request);
      response.once('close', () => controller.abort());
    });
    const call = clientFor(server.url).qrCode.cancel({ mchOrderId: 'Q' }, { signal: controller.signal });
    await expect(call).rejects.toMatchObject({ name: 'PaycoolsNetworkError', reason: 'aborted' });
    expect(server.received).toHaveLength(1);
  });

  it('is skipped when Retry-After asks for more time than is left', async () => {
    expect(await waitsOf('60', 10_000)).toEqual([]);
  });

  it('is between zero and an upper bound that doubles', () => {
    const states = fc.record({
      attempt: fc.integer({ min: 1, max: 2000 }),
      baseMs: fc.integer({ min: 1, max: 10_000 }),
      maxMs: fc.integer({ min: 1, max: 60_000 }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(states, (state) => {
        const wait = backoffMs(state);
        return wait >= 0 && wait <= state.maxMs && wait <= state.baseMs * 2 ** (state.attempt - 1);
      }),
    );
    expect([1, 2, 3, 9].map((attempt) => backoffMs({ attempt, baseMs: 100, maxMs: 500, random: 0.5 }))).toEqual([
      50, 100, 200, 250,
    ]);
  });

  it.each([
    ['3', 3000],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 6000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
    ['soon', null],
    ['-1', null],
    ['', null],
    [null, null],
  ])('reads Retry-After %s', (header, expected) => {
    expect(retryAfterMs(header, 4000)).toBe(expected);
  });
});
