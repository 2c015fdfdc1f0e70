import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { openNamespace } from '../support/namespace.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { SECRET } from '../support/service.ts';
import { paycools } from './support.ts';

type Finding = { readonly level: string; readonly check: string; readonly sentence: string };

const healthy = (): Record<string, string> => ({
  PAYCOOLS_CALLBACK_SECRET: SECRET,
  REDIS_URL: openNamespace().url,
  SPOOL_DIR: join(temporaryFolder(), 'spool'),
});

const doctor = async (env: Record<string, string>) => {
  const { code, out } = await paycools(['doctor', '--json'], { env });
  const findings = JSON.parse(out) as Finding[];
  return { code, problems: findings.filter(({ level }) => level === 'problem'), findings };
};

const redisWith = async (...args: string[]): Promise<string> => {
  const redis = await startOwnRedis({ args });
  return redis.url;
};

describe('paycools doctor', () => {
  it('finds no problem in a healthy setup and shows what it checked', async () => {
    const { code, out, err } = await paycools(['doctor'], { env: healthy() });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^ok {4}configuration {3}can be used$/m);
    expect(out).toMatch(/^ok {4}redis {11}version \d+\.\d+\.\d+ answers$/m);
    expect(out).toMatch(/^ok {4}durability {6}meets DURABILITY \(fsync\)$/m);
    expect(out).toMatch(/^ok {4}clock/m);
    expect(out).toMatch(/\nall fine, \d notes\n$/);
    expect(out).not.toContain(SECRET);
  });

  const pem = (bits: number): string =>
    generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const smallKey = pem(1024);
  const api = { PAYCOOLS_BASE_URL: 'http://127.0.0.1:1', PAYCOOLS_APP_ID: 'a', PAYCOOLS_PRIVATE_KEY: pem(2048) };
  it.each([
    [
      'no callback secret',
      { PAYCOOLS_CALLBACK_SECRET: '' },
      'configuration',
      'PAYCOOLS_CALLBACK_SECRET must not be blank',
    ],
    ['an unexpanded secret', { PAYCOOLS_CALLBACK_SECRET: '${SECRET}' }, 'configuration', 'unexpanded'],
    ['a secret with blanks around it', { PAYCOOLS_CALLBACK_SECRET: ' s ' }, 'keys', 'begins or ends with blanks'],
    ['a public key that is none', { PAYCOOLS_CALLBACK_PUBLIC_KEY: 'AAAA' }, 'configuration', 'cannot be read'],
    ['a wrong port', { PORT: 'x' }, 'configuration', 'PORT must be an integer'],
    ['an unknown zone', { PAYCOOLS_TIME_ZONE: 'Manila' }, 'configuration', 'IANA'],
    ['one port for both listeners', { PORT: '8080', OPS_PORT: '8080' }, 'listeners', 'different'],
    ['a Redis that is not there', { REDIS_URL: 'redis://127.0.0.1:1' }, 'redis', 'refused the connection'],
    ['a private key that is too small', { ...api, PAYCOOLS_PRIVATE_KEY: smallKey }, 'configuration', '1024 bits'],
    ['a PayCools that does not answer', api, 'paycools', 'cannot be reached'],
    [
      'an address of PayCools that is none',
      { ...api, PAYCOOLS_BASE_URL: 'paycools' },
      'configuration',
      'is not a valid URL',
    ],
    ['calls without an appId', { ...api, PAYCOOLS_APP_ID: '' }, 'configuration', 'PAYCOOLS_APP_ID is missing'],
    [
      'a schedule without calls to PayCools',
      { RECONCILE_SCHEDULE: '15 3 * * *' },
      'configuration',
      'RECONCILE_SCHEDULE needs',
    ],
    ['merchants in a file that is missing', { MERCHANTS_FILE: '/nowhere.json' }, 'configuration', 'MERCHANTS_FILE'],
    ['a spool where nothing can be written', { SPOOL_DIR: '/proc/spool' }, 'spool', '/proc cannot be written'],
    ['an address that is not of this machine', { HOST: '203.0.113.7' }, 'listeners', 'change HOST'],
    [
      'replicas of a cluster',
      { DURABILITY: 'replicas:1', REDIS_URL: 'redis+cluster://a' },
      'configuration',
      'cannot be replicas:N',
    ],
  ])('reports %s and says what to do', async (_name, change, check, sentence) => {
    const { code, problems } = await doctor({ ...healthy(), ...change });
    expect(code).toBe(1);
    expect(problems).toContainEqual({ level: 'problem', check, sentence: expect.stringContaining(sentence) });
  });

  it.each([
    [['--appendfsync', 'everysec'], 'durability', 'set `appendfsync always`'],
    [['--appendonly', 'no'], 'durability', 'set `appendonly yes`'],
    [['--maxmemory-policy', 'allkeys-lru'], 'durability', 'noeviction'],
    [['--maxmemory', '1000000'], 'memory', 'raise it'],
    [['--requirepass', 'secret'], 'redis', 'refused the user name or password'],
  ])('reports a Redis started with %j', async (args, check, sentence) => {
    const { problems } = await doctor({ ...healthy(), REDIS_URL: await redisWith(...args) });
    expect(problems).toEqual([{ level: 'problem', check, sentence: expect.stringContaining(sentence) }]);
  });

  it('advises encrypting the journal and opening a closed console', async () => {
    const { code, findings } = await doctor({ ...healthy(), OPS_HOST: '0.0.0.0' });
    const advised = findings.filter(({ level }) => level === 'advice').map(({ check, sentence }) => [check, sentence]);
    expect(code).toBe(0);
    expect(advised).toContainEqual(['console', expect.stringContaining('set OPS_TOKEN')]);
    expect(advised).toContainEqual(['journal', expect.stringContaining('set JOURNAL_KEY')]);
  });

  it('reports a wrong clock', async () => {
    const { out } = await paycools(['doctor', '--json'], { env: healthy(), now: () => Date.now() + 60_000 });
    expect(JSON.parse(out)).toContainEqual({
      level: 'problem',
      check: 'clock',
      sentence: expect.stringContaining('by 60 s'),
    });
  });

  it('reports a spool folder that is a file', async () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'file'), '');
    const { problems } = await doctor({ ...healthy(), SPOOL_DIR: join(folder, 'file') });
    expect(problems).toContainEqual({
      level: 'problem',
      check: 'spool',
      sentence: expect.stringContaining('is not a folder'),
    });
  });
});
