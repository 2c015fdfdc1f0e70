import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/console/access/session.ts';
import { Secret } from '../../src/core/secret.ts';
import { startConsole, TOKEN } from './support.ts';

const fromHere = (opsUrl: string) => ({ origin: opsUrl });

describe('with OPS_OPERATORS', () => {
  const operators = { ana: 'the-token-of-ana-not-real', 'maria.cruz': 'the-token-of-maria-not-real' };
  const OPS_OPERATORS = Object.entries(operators)
    .map(([name, token]) => `${name}:${token}`)
    .join(',');

  it('names the operator in the audit, by token or by session', async () => {
    const { opsUrl, get, submit } = await startConsole({ OPS_OPERATORS, OPS_TOKEN: TOKEN });
    const authorization = `Bearer ${operators.ana}`;
    await submit('/console/actions/replay', { id: 'x' }, { authorization });
    const login = await submit('/console/login', { token: operators['maria.cruz'] }, fromHere(opsUrl));
    const headers = { cookie: login.headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
    await submit('/console/actions/replay', { id: 'y', note: 'asked by phone' }, { ...headers, ...fromHere(opsUrl) });
    await submit('/console/actions/replay', { id: 'z' }, { authorization: `Bearer ${TOKEN}` });
    const { body } = await get('/console/audit', headers);
    for (const who of ['console ana', 'console maria.cruz', 'console 127.0.0.1', 'asked by phone'])
      expect(body).toContain(who);
  });

  it('refuses the token of a removed operator', async () => {
    const { get } = await startConsole({ OPS_OPERATORS: `ana:${operators.ana}` });
    expect((await get('/console', { authorization: `Bearer ${operators.ana}` })).status).toBe(200);
    expect((await get('/console', { authorization: `Bearer ${operators['maria.cruz']}` })).status).toBe(303);
    expect(
      (
        await get('/console', {
          cookie: `paycools_console=${createSession(new Secret(operators['maria.cruz']), Date.now())}`,
        })
      ).status,
    ).toBe(303);
  });
});
