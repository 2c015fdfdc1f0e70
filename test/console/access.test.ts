import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/console/access/session.ts';
import { Secret } from '../../src/core/secret.ts';
import { ask, startConsole, TOKEN } from './support.ts';

const HOUR = 3_600_000;
const session = (token: string, at: number): string => createSession(new Secret(token), at);
const cookie = (value: string) => ({ cookie: `other=1; paycools_console=${value}` });
const fromHere = (opsUrl: string) => ({ origin: opsUrl });

describe('without OPS_TOKEN, on loopback', () => {
  it('admits this machine, but no foreign page by DNS rebinding', async () => {
    const { get } = await startConsole();
    expect((await get('/console')).status).toBe(200);
    expect((await get('/console', { host: 'localhost:8081' })).status).toBe(200);
    const rebound = await get('/console', { host: 'evil.example:8081' });
    expect([rebound.status, rebound.body]).toEqual([403, expect.stringContaining('Set OPS_TOKEN')]);
  });

  it('refuses requests that come through a proxy', async () => {
    const { get } = await startConsole();
    expect((await get('/console', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(403);
    expect((await get('/console', { forwarded: 'for=203.0.113.9' })).status).toBe(403);
  });

  it('has no login', async () => {
    const { get } = await startConsole();
    expect(await get('/console/login')).toMatchObject({ status: 303, headers: { location: '/console' } });
  });

  it.each([
    ['from another site', { origin: 'https://evil.example' }],
    ['from another site, as current browsers report it', { 'sec-fetch-site': 'cross-site' }],
    ['from another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['without an origin', {}],
    ['with a hidden origin', { origin: 'null' }],
  ])('refuses a form posted %s', async (_, headers) => {
    const { submit } = await startConsole();
    expect((await submit('/console/actions/replay', { id: 'x' }, headers as Record<string, string>)).status).toBe(403);
  });
});

describe('without OPS_TOKEN, on another address', () => {
  it('is closed and says what to do, while probes are answered', async () => {
    const { opsUrl } = await startConsole({ OPS_HOST: '0.0.0.0' });
    const url = opsUrl.replace('0.0.0.0', '127.0.0.1');
    const answer = await ask(`${url}/console`);
    expect([answer.status, answer.body]).toEqual([403, expect.stringContaining('Set OPS_TOKEN and restart')]);
    expect((await ask(`${url}/console/login`)).status).toBe(403);
    expect((await ask(`${url}/console/live`)).status).toBe(403);
    expect((await ask(`${url}/console/queues/`)).status).toBe(403);
    expect((await ask(`${url}/readyz`)).status).toBe(200);
  });
});

describe('with OPS_TOKEN', () => {
  const start = () => startConsole({ OPS_TOKEN: TOKEN });

  it.each([
    '/console',
    '/console/callbacks?id=1',
    '/console/queues/',
    '/console/queues/api/queues',
    '/console/nowhere',
  ])('redirects a browser that requests %s to the login, and answers a program 401', async (path) => {
    const { get } = await start();
    expect(await get(path)).toMatchObject({
      status: 303,
      headers: { location: `/console/login?next=${encodeURIComponent(path)}` },
    });
    expect(await get(path, { accept: '*/*' })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    });
  });

  it('admits a program with the token, and lets it act', async () => {
    const { get, submit } = await start();
    const authorization = `Bearer ${TOKEN}`;
    expect((await get('/console/audit', { authorization })).status).toBe(200);
    expect((await submit('/console/actions/replay', { id: 'x' }, { authorization })).status).toBe(303);
    expect((await get('/console/audit', { authorization: `Bearer ${TOKEN}x` })).status).toBe(303);
    expect((await get('/console/audit', { authorization: `Basic ${TOKEN}` })).status).toBe(303);
  });

  it('starts a session in a cookie that neither scripts nor other sites can read, and audits the login', async () => {
    const { opsUrl, get, submit } = await start();
    const login = await submit('/console/login', { token: TOKEN, next: '/console/audit' }, fromHere(opsUrl));
    expect(login).toMatchObject({ status: 303, headers: { location: '/console/audit' } });
    const [set = ''] = login.headers['set-cookie'] ?? [];
    expect(set).toMatch(/^paycools_console=[\w.-]+; Path=\/console; Max-Age=28800; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(TOKEN);
    const { status, body } = await get('/console/audit', { cookie: set.split(';')[0] ?? '' });
    expect([status, body]).toEqual([200, expect.stringContaining('log-in')]);
  });

  it('marks the cookie as secure if the browser used https', async () => {
    const { opsUrl, submit } = await start();
    const headers = { ...fromHere(opsUrl), 'x-forwarded-proto': 'https' };
    const login = await submit('/console/login', { token: TOKEN }, headers);
    expect(login.headers['set-cookie']?.[0]).toMatch(/; Secure$/);
  });

  it('accepts a session until it expires, and refuses one that was altered or started with another token', async () => {
    const { get } = await start();
    const now = Date.now();
    const statusOf = async (value: string): Promise<number> => (await get('/console/audit', cookie(value))).status;
    const [until = '', mark, signature] = session(TOKEN, now).split('.');
    expect(await statusOf(session(TOKEN, now))).toBe(200);
    expect(await statusOf(session(TOKEN, now - 9 * HOUR))).toBe(303);
    expect(await statusOf(session('the-token-before-this-one', now))).toBe(303);
    expect(await statusOf(`${Number(until) + 1}.${mark}.${signature}`)).toBe(303);
    expect(await statusOf(TOKEN)).toBe(303);
    expect(await statusOf('')).toBe(303);
  });

  it("refuses a form that another site posts with an operator's session", async () => {
    const { submit } = await start();
    const headers = { ...cookie(session(TOKEN, Date.now())), origin: 'https://evil.example' };
    expect((await submit('/console/actions/replay', { id: 'x' }, headers)).status).toBe(403);
    expect((await submit('/console/login', { token: TOKEN }, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await submit('/console/logout', {}, headers)).status).toBe(403);
  });

  it('removes the cookie on logout', async () => {
    const { opsUrl, submit } = await start();
    const logout = await submit('/console/logout', {}, fromHere(opsUrl));
    expect(logout).toMatchObject({ status: 303, headers: { location: '/console/login' } });
    expect(logout.headers['set-cookie']?.[0]).toContain('paycools_console=; Path=/console; Max-Age=0');
  });

  it.each(['https://evil.example', '//evil.example', '/console//evil.example', '/metrics', '/console\\evil', ''])(
    'redirects to the console, not to %j, after the login',
    async (next) => {
      const { opsUrl, submit } = await start();
      const login = await submit('/console/login', { token: TOKEN, next }, fromHere(opsUrl));
      expect(login.headers.location).toBe('/console');
    },
  );

  it('says only that a token is wrong, audits the attempt, and soon refuses every token from that address', async () => {
    const { opsUrl, get, submit } = await start();
    const guess = () => submit('/console/login', { token: 'a-guess' }, fromHere(opsUrl));
    const first = await guess();
    expect([first.status, first.body]).toEqual([401, expect.stringContaining('The token is wrong.')]);
    expect(first.body).not.toContain('a-guess');
    for (let count = 0; count < 9; count += 1) await guess();
    expect(await guess()).toMatchObject({ status: 429, headers: { 'retry-after': expect.any(String) } });
    const right = await submit('/console/login', { token: TOKEN }, fromHere(opsUrl));
    expect(right.status).toBe(429);
    expect((await get('/console/audit', { authorization: `Bearer ${TOKEN}` })).status).toBe(429);
    const { body } = await get('/console/audit', cookie(session(TOKEN, Date.now())));
    expect(body).toContain('the token was wrong');
  });

  it('reveals nothing about the service when a form is refused', async () => {
    const { opsUrl, submit } = await start();
    const large = await submit('/console/login', { token: 'x'.repeat(20_000) }, fromHere(opsUrl));
    expect([large.status, large.body]).toEqual([413, expect.stringContaining('Bad request.')]);
    expect(large.body).not.toContain('Ready');
  });

  it('never logs the token', async () => {
    const { opsUrl, submit, get, logLines } = await start();
    await submit('/console/login', { token: TOKEN }, fromHere(opsUrl));
    await get('/console', { authorization: `Bearer ${TOKEN}` });
    expect(logLines.join('')).not.toContain(TOKEN);
    expect(logLines.join('')).toContain('log-in');
  });
});

describe('every page', () => {
  it.each(['/console', '/console/login', '/console/nowhere', '/console/actions/none'])(
    'of the console (%s) forbids inline content, other hosts, framing and caching',
    async (path) => {
      const { get } = await startConsole({ OPS_TOKEN: TOKEN });
      const { headers } = await get(path, cookie(session(TOKEN, Date.now())));
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      });
    },
  );
});
