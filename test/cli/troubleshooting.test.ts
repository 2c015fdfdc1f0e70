import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { generateMerchantKeyPair } from '../../src/client/index.ts';
import { createConsumer } from '../../src/consumer/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { signEnvelope } from '../../src/verify/callback.ts';
import { sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openNamespace } from '../support/namespace.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { SECRET } from '../support/service.ts';
import { openTls } from '../support/topologies/open-tls.ts';
import { until } from '../support/until.ts';
import { paycools } from './support.ts';

const page = readFileSync('docs/troubleshooting.md', 'utf8');
/** The messages that the page quotes, by the titles of its entries. */
const promised = new Map(
  [...page.matchAll(/^### (.+)\n\n```text\n(.+)\n```$/gm)].map(([, title = '', text = '']) => [title, text]),
);

const NAMED_WITHIN_MS = 5000;

const pair = await generateMerchantKeyPair();
const stranger = await generateMerchantKeyPair();

type Env = Readonly<Record<string, string>>;

const healthy = async (): Promise<Record<string, string>> => ({
  PAYCOOLS_CALLBACK_SECRET: SECRET,
  REDIS_URL: openNamespace().url,
  SPOOL_DIR: join(temporaryFolder(), 'spool'),
  HOST: '127.0.0.1',
  PORT: String(await freePort()),
  OPS_PORT: String(await freePort()),
});

const doctor = async (change: Env, now = Date.now): Promise<string> =>
  (await paycools(['doctor'], { env: { ...(await healthy()), ...change }, now })).out;

const doctorWithRedis = async (...args: string[]): Promise<string> => {
  const redis = await startOwnRedis({ args });
  return doctor({ REDIS_URL: redis.url });
};

const apiOf = async (change: Env = {}): Promise<Env> => {
  const sandbox = disposeWithTest(
    await startSandbox({ appId: 'app', publicKey: pair.publicKey, callbackSecret: SECRET }),
  );
  const PAYCOOLS_PRIVATE_KEY = pair.privateKey.reveal();
  return { PAYCOOLS_BASE_URL: sandbox.url, PAYCOOLS_APP_ID: 'app', PAYCOOLS_PRIVATE_KEY, ...change };
};

/** The address of a Redis that speaks TLS, with a certificate that no authority signed. */
const tlsRedis = async (): Promise<string> => {
  const topology = disposeWithTest(await openTls());
  return topology.url;
};

/** A server that answers everything with this body. Returns its address. */
const serveAlways = async (body: string): Promise<string> => {
  const port = await freePort();
  const server = createServer((_request, response) => response.end(body)).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${port}`;
};

const verify = async (input: string): Promise<string> =>
  (await paycools(['verify', '-'], { env: { PAYCOOLS_CALLBACK_SECRET: SECRET }, input })).out;

/** Polls what a worker without hooks writes until there is something. */
const worker = async (redis: string, prefix: string): Promise<string> => {
  const written = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => written.mockRestore());
  const consumer = createConsumer({ redis, prefix, handlers: { payout: () => undefined } });
  onTestFinished(() => consumer.close());
  const hasWritten = async () => written.mock.calls.length > 0;
  await until(hasWritten, { what: 'the worker has written something', timeoutMs: NAMED_WITHIN_MS });
  return written.mock.calls.join('\n');
};

const oldClient = async (): Promise<string> => {
  const { prefix, redis } = openNamespace();
  await redis.hset(`${prefix}:{payout}:meta`, 'version', 'bullmq:5.81.0');
  return doctor({ QUEUE_PREFIX: prefix });
};

const plainEnvelope = (): string =>
  signEnvelope({ a: 1 }, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

/** Causes the trouble of each entry. */
const cases: Readonly<Record<string, () => Promise<string>>> = {
  'The callback secret is missing': async () => (await paycools(['doctor'], { env: {} })).out,
  'A variable was not filled in': () => doctor({ PAYCOOLS_CALLBACK_SECRET: '${SECRET}' }),
  'The file of merchants cannot be read': () => doctor({ MERCHANTS_FILE: '/nowhere.json' }),
  'A schedule without calls to PayCools': () => doctor({ RECONCILE_SCHEDULE: '15 3 * * *' }),
  'Both listeners have one port': () => doctor({ PORT: '8080', OPS_PORT: '8080' }),
  'A port is in use': async () => doctor({ PORT: new URL(await serveAlways('hello')).port }),
  'Redis does not run': async () => doctor({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }),
  'The host of Redis is unknown': () => doctor({ REDIS_URL: 'redis://redis.invalid' }),
  'Redis wants a password': () => doctorWithRedis('--requirepass', 'secret'),
  'Redis requires TLS': async () => doctor({ REDIS_URL: (await tlsRedis()).replace('rediss:', 'redis:') }),
  'Redis has no TLS': () => doctor({ REDIS_URL: openNamespace().url.replace('redis:', 'rediss:') }),
  'The certificate of Redis is not trusted': async () => doctor({ REDIS_URL: await tlsRedis() }),
  'Redis does not write to disk': () => doctorWithRedis('--appendonly', 'no'),
  'Redis may evict events': () => doctorWithRedis('--maxmemory-policy', 'allkeys-lru'),
  'A worker uses an old BullMQ': oldClient,
  'The secret is another one': () => verify(sign({ a: 'x' }, 'another')),
  'There are blanks around the secret': () => doctor({ PAYCOOLS_CALLBACK_SECRET: ' s ' }),
  'Something on the way changes the body': () => verify(sign({ amount: 100 }).replace('100', '100.00')),
  'An envelope arrives, and there is no public key': () => verify(plainEnvelope()),
  'The spool cannot be written': () => doctor({ SPOOL_DIR: '/proc/spool' }),
  'A clock is wrong': () => doctor({}, () => Date.now() + 60_000),
  'The address is not that of PayCools': async () =>
    doctor(await apiOf({ PAYCOOLS_BASE_URL: await serveAlways('<html>') })),
  'PayCools does not know the application': async () => doctor(await apiOf({ PAYCOOLS_APP_ID: 'another' })),
  'PayCools does not have this key': async () =>
    doctor(await apiOf({ PAYCOOLS_PRIVATE_KEY: stranger.privateKey.reveal() })),
  "The machine's address is not on the list": async () =>
    doctor(await apiOf({ PAYCOOLS_BASE_URL: await serveAlways('{"code":1002,"message":"ip"}') })),
  'An amount is in pesos': async () => (await paycools(['api', 'payout.create', '--amount', '10.50'])).err,
  'The worker reaches no Redis': async () => worker(`redis://127.0.0.1:${await freePort()}`, 'paycools'),
  'The worker looks under another prefix': async () => worker(openNamespace().url, openNamespace().prefix),
};

describe('the troubleshooting page', () => {
  it('has at least twenty entries, and a case for each', () => {
    expect(promised.size).toBeGreaterThanOrEqual(20);
    expect(Object.keys(cases)).toEqual([...promised.keys()]);
  });

  it.each(Object.entries(cases))('shows the quoted message within five seconds: %s', async (title, happen) => {
    const begun = performance.now();
    const shown = await happen();
    expect(shown).toContain(promised.get(title));
    expect(performance.now() - begun).toBeLessThan(NAMED_WITHIN_MS);
  });
});
