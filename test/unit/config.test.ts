import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';
import { generatedFiles } from '../../src/dev/generated-files.ts';

const load = (env: Record<string, string>, files: Record<string, string> = {}) =>
  loadSettings({
    env,
    readFile: (path) => {
      const content = files[path];
      if (content === undefined) throw new Error('ENOENT');
      return content;
    },
  });

const secret = { PAYCOOLS_CALLBACK_SECRET: 'hush' };

describe('the configuration', () => {
  it('needs a callback secret and nothing else', () => {
    const loaded = load(secret);
    expect(loaded.ok && { ...loaded.value.merchant, ...loaded.value.service }).toMatchObject({
      PAYCOOLS_TIME_ZONE: 'Asia/Manila',
      REDIS_URL: { kind: 'single', hosts: [{ host: '127.0.0.1', port: 6379 }], tls: false, db: 0 },
      DURABILITY: { level: 'fsync' },
      SPOOL_DIR: '.data/spool',
      QUEUE_PREFIX: 'paycools',
      DEDUPLICATION_DAYS: 30,
      ENQUEUE_TIMEOUT_MS: 1000,
      BODY_LIMIT: 65_536,
      HOST: '0.0.0.0',
      PORT: 8080,
      OPS_HOST: '127.0.0.1',
      OPS_PORT: 8081,
    });
    expect(loaded.ok && loaded.value.merchant?.PAYCOOLS_CALLBACK_SECRET?.reveal()).toBe('hush');
  });

  it('takes a set but empty variable as not set', () => {
    const loaded = load({ ...secret, PORT: '', LOG_LEVEL: '' });
    expect(loaded.ok && loaded.value.service).toMatchObject({ PORT: 8080, LOG_LEVEL: 'info' });
  });

  it('tells all problems at once, by name', () => {
    const loaded = load({ PORT: '99999', REDIS_URL: 'localhost', PAYCOOLS_TIME_ZONE: 'Manila', LOG_LEVEL: 'loud' });
    expect(!loaded.ok && loaded.error.map(({ name }) => name)).toEqual([
      'PAYCOOLS_TIME_ZONE',
      'REDIS_URL',
      'PORT',
      'LOG_LEVEL',
    ]);
  });

  it.each(['', '   ', '\n', '${PAYCOOLS_SECRET}', '$SECRET'])('refuses %j as a secret', (value) => {
    const loaded = load({ PAYCOOLS_CALLBACK_SECRET: value });
    expect(!loaded.ok && loaded.error.map(({ name }) => name)).toEqual(['PAYCOOLS_CALLBACK_SECRET']);
  });

  it('says that the secret is missing', () => {
    const loaded = load({});
    expect(!loaded.ok && loaded.error[0]?.problem).toContain('is missing');
  });

  it('reads a secret from a file, without the line break at its end', () => {
    const loaded = load({ PAYCOOLS_CALLBACK_SECRET_FILE: '/run/secrets/x' }, { '/run/secrets/x': ' hush \n' });
    expect(loaded.ok && loaded.value.merchant?.PAYCOOLS_CALLBACK_SECRET?.reveal()).toBe(' hush ');
  });

  it.each([
    [{ PAYCOOLS_CALLBACK_SECRET_FILE: '/nowhere' }, 'cannot be read'],
    [{ ...secret, PAYCOOLS_CALLBACK_SECRET_FILE: '/run/secrets/x' }, 'use one of the two'],
    [{ PAYCOOLS_CALLBACK_SECRET_FILE: '/run/secrets/blank' }, 'must not be blank'],
  ])('refuses %j', (env, sentence) => {
    const loaded = load(env, { '/run/secrets/x': 'hush', '/run/secrets/blank': '\n' });
    expect(!loaded.ok && loaded.error[0]?.problem).toContain(sentence);
  });

  it('never shows a value', () => {
    const hushed = Object.fromEntries(
      ['PORT', 'REDIS_URL', 'LOG_LEVEL', 'PAYCOOLS_TIME_ZONE', 'QUEUE_PREFIX', 'HOST', 'DEDUPLICATION_DAYS'].map(
        (name) => [name, 'hush hush'],
      ),
    );
    expect(JSON.stringify(load({ ...hushed, PAYCOOLS_CALLBACK_SECRET: '${hush}' }))).not.toContain('hush');
  });
});

describe('generated files', () => {
  it.each(Object.entries(generatedFiles()))('%s is as the code says (else run `npm run generate`)', (path, content) => {
    expect(readFileSync(path, 'utf8')).toBe(content);
  });
});
