import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { generateMerchantKeyPair } from '../../src/client/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openNamespace } from '../support/namespace.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { paycools } from './support.ts';

type Finding = { readonly level: string; readonly check: string; readonly sentence: string };

const pair = await generateMerchantKeyPair();
const stranger = await generateMerchantKeyPair();

const openSandbox = async (): Promise<string> => {
  const sandbox = disposeWithTest(
    await startSandbox({ appId: 'app', publicKey: pair.publicKey, callbackSecret: SECRET }),
  );
  return sandbox.url;
};

/** A server that answers every request and is not PayCools. */
const answerWith = async (body: string, headers: Record<string, string> = {}): Promise<string> => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${port}`;
};

const base = async (): Promise<Record<string, string>> => ({
  PAYCOOLS_CALLBACK_SECRET: SECRET,
  REDIS_URL: openNamespace().url,
  SPOOL_DIR: join(temporaryFolder(), 'spool'),
  PORT: String(await freePort()),
  OPS_PORT: String(await freePort()),
});

const doctor = async (env: Record<string, string>, now = Date.now) => {
  const { code, out } = await paycools(['doctor', '--json'], { env, now });
  const findings = JSON.parse(out) as Finding[];
  const sentences = (level: string, check: string): string[] =>
    findings.filter((it) => it.level === level && it.check === check).map(({ sentence }) => sentence);
  return { code, findings, sentences };
};

const apiOf = (url: string) => ({
  PAYCOOLS_BASE_URL: url,
  PAYCOOLS_APP_ID: 'app',
  PAYCOOLS_PRIVATE_KEY: pair.privateKey.reveal(),
});

describe('paycools doctor, PayCools', () => {
  it('makes a signed call', async () => {
    const { code, sentences } = await doctor({ ...(await base()), ...apiOf(await openSandbox()) });
    expect(code).toBe(0);
    expect(sentences('ok', 'paycools')).toEqual([expect.stringContaining('accepts a signed call of app')]);
  });

  it.each([
    ['an unknown appId', { PAYCOOLS_APP_ID: 'another' }, 'does not know this PAYCOOLS_APP_ID (1001)'],
    ['a key that PayCools does not have', { PAYCOOLS_PRIVATE_KEY: stranger.privateKey.reveal() }, '(1003)'],
    ['a host that does not exist', { PAYCOOLS_BASE_URL: 'https://paycools.invalid' }, 'cannot be found'],
  ])('reports %s', async (_name, change, sentence) => {
    const env = { ...(await base()), ...apiOf(await openSandbox()), ...change };
    const { code, sentences } = await doctor(env);
    expect(code).toBe(1);
    expect(sentences('problem', 'paycools')).toEqual([expect.stringContaining(sentence)]);
  });

  it.each([
    ['a refused address', '{"code":1002,"message":"ip not allowed"}', "refuses this machine's address (1002)"],
    ['something that is not PayCools', '<html>', 'but not like PayCools'],
  ])('reports %s', async (_name, body, sentence) => {
    const { sentences } = await doctor({ ...(await base()), ...apiOf(await answerWith(body)) });
    expect(sentences('problem', 'paycools')).toEqual([expect.stringContaining(sentence)]);
  });

  it('reports a port on which nothing listens, and a server that does not speak TLS', async () => {
    const refused = await doctor({ ...(await base()), ...apiOf(`http://127.0.0.1:${await freePort()}`) });
    expect(refused.sentences('problem', 'paycools')).toEqual([expect.stringContaining('refuses the connection')]);
    const plain = (await openSandbox()).replace('http:', 'https:');
    const tls = await doctor({ ...(await base()), ...apiOf(plain) });
    expect(tls.sentences('problem', 'paycools')).toEqual([expect.stringContaining('fails at TLS')]);
  });

  it("compares the clock with PayCools's", async () => {
    const date = new Date(Date.now() - 90_000).toUTCString();
    const url = await answerWith('{"code":1000,"message":"ok","data":{"balance":1}}', { date });
    const { sentences } = await doctor({ ...(await base()), ...apiOf(url) });
    expect(sentences('problem', 'clock')).toEqual([expect.stringMatching(/PayCools by (89|90|91) s/)]);
  });
});

describe('paycools doctor, merchants', () => {
  it('checks keys and calls of every merchant in MERCHANTS_FILE, by name', async () => {
    const path = join(temporaryFolder(), 'merchants.json');
    const url = await openSandbox();
    const shop = { PAYCOOLS_CALLBACK_SECRET: 'one', ...apiOf(url) };
    const other = { PAYCOOLS_CALLBACK_SECRET: ' two ', ...apiOf(url), PAYCOOLS_APP_ID: 'wrong' };
    writeFileSync(path, JSON.stringify({ shop, other }));
    const { PAYCOOLS_CALLBACK_SECRET: _, ...env } = await base();
    const { code, sentences } = await doctor({ ...env, MERCHANTS_FILE: path, RECONCILE_SCHEDULE: '15 3 * * *' });
    expect(code).toBe(1);
    expect(sentences('ok', 'paycools')).toEqual([expect.stringMatching(/^shop: /)]);
    expect(sentences('problem', 'paycools')).toEqual([expect.stringMatching(/^other: .*\(1001\)/)]);
    expect(sentences('problem', 'keys')).toEqual([expect.stringMatching(/^other: .*blanks/)]);
    expect(sentences('ok', 'schedule')).toEqual(['reconciles at 15 3 * * *, 2 of 2 merchants']);
  });

  it('reports a schedule if no merchant in the file can call PayCools', async () => {
    const path = join(temporaryFolder(), 'merchants.json');
    writeFileSync(path, JSON.stringify({ shop: { PAYCOOLS_CALLBACK_SECRET: 'one' } }));
    const { PAYCOOLS_CALLBACK_SECRET: _, ...env } = await base();
    const { sentences } = await doctor({ ...env, MERCHANTS_FILE: path, RECONCILE_SCHEDULE: '15 3 * * *' });
    expect(sentences('problem', 'configuration')).toEqual([expect.stringContaining('RECONCILE_SCHEDULE needs')]);
  });

  it('advises about an unfinished rotation, and about envelopes that may be for another merchant', async () => {
    const rotating = await doctor({ ...(await base()), PAYCOOLS_CALLBACK_SECRET_PREVIOUS: 'old' });
    expect(rotating.code).toBe(0);
    expect(rotating.sentences('advice', 'keys').join()).toContain('remove PAYCOOLS_CALLBACK_SECRET_PREVIOUS');
    const key = { PAYCOOLS_CALLBACK_PUBLIC_KEY: pair.publicKey };
    const open = await doctor({ ...(await base()), ...key });
    expect(open.sentences('advice', 'keys').join()).toContain('set PAYCOOLS_APP_ID');
    const named = await doctor({ ...(await base()), ...key, ...apiOf(await openSandbox()) });
    expect(named.sentences('advice', 'keys').join()).toContain('set CONFIRM');
  });
});

describe('paycools doctor, listeners', () => {
  it('distinguishes the running service from another program on its port', async () => {
    const { publicUrl, opsUrl } = await startTestService();
    const PORT = new URL(publicUrl).port;
    const running = await doctor({ ...(await base()), PORT, HOST: '127.0.0.1', OPS_PORT: new URL(opsUrl).port });
    expect(running.code).toBe(0);
    expect(running.sentences('ok', 'listeners')).toEqual([
      `127.0.0.1:${PORT} is in use by the running service`,
      expect.stringContaining('is in use by the running service'),
    ]);
    const other = new URL(await answerWith('{}')).port;
    const taken = await doctor({ ...(await base()), OPS_PORT: other, HOST: '127.0.0.1' });
    expect(taken.sentences('problem', 'listeners')).toEqual([expect.stringContaining('another program')]);
  });
});

describe('paycools doctor, queues', () => {
  it('reports a queue that an older BullMQ has opened', async () => {
    const namespace = openNamespace();
    const env = { ...(await base()), QUEUE_PREFIX: namespace.prefix };
    expect((await doctor(env)).sentences('ok', 'queues')).toHaveLength(1);
    await namespace.redis.hset(`${namespace.prefix}:{refund}:meta`, 'version', 'bullmq:5.81.0');
    await namespace.redis.hset(`${namespace.prefix}:{payout}:meta`, 'version', 'bullmq:6.7.0');
    const { code, sentences } = await doctor(env);
    expect(code).toBe(1);
    expect(sentences('problem', 'queues')).toEqual([
      'BullMQ 5.81.0 has opened {refund}: update that worker to BullMQ 6 or later.',
    ]);
  });
});

describe('paycools doctor, the running service', () => {
  it('reports callbacks that were set aside in its spool', async () => {
    const metrics = '# TYPE paycools_spool_set_aside gauge\npaycools_spool_set_aside 3\n';
    const OPS_PORT = new URL(await answerWith(metrics)).port;
    const { code, sentences } = await doctor({ ...(await base()), OPS_PORT });
    expect(code).toBe(1);
    expect(sentences('problem', 'set-aside')).toEqual([expect.stringContaining('3 callbacks were set aside')]);
  });
});
