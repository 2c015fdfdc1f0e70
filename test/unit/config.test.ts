import { readFileSync } from 'node:fs';
import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../../scripts/generated-files.ts';
import { loadSettings } from '../../src/config/load.ts';
import { Secret } from '../../src/core/secret.ts';

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

  it('treats an empty variable as unset', () => {
    const loaded = load({ ...secret, PORT: '', LOG_LEVEL: '' });
    expect(loaded.ok && loaded.value.service).toMatchObject({ PORT: 8080, LOG_LEVEL: 'info' });
  });

  it('reports all problems at once, by name', () => {
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

  it('reports that the secret is missing', () => {
    const loaded = load({});
    expect(!loaded.ok && loaded.error[0]?.problem).toContain('is missing');
  });

  it('reads a secret from a file, without its trailing line break', () => {
    const loaded = load({ PAYCOOLS_CALLBACK_SECRET_FILE: '/run/secrets/x' }, { '/run/secrets/x': ' hush \n' });
    expect(loaded.ok && loaded.value.merchant?.PAYCOOLS_CALLBACK_SECRET?.reveal()).toBe(' hush ');
  });

  it('also reads REDIS_URL, which may contain a password, from a file', () => {
    const loaded = load({ ...secret, REDIS_URL_FILE: '/run/secrets/x' }, { '/run/secrets/x': 'redis://me:hush@a:1\n' });
    expect(loaded.ok && loaded.value.service.REDIS_URL).toMatchObject({ username: 'me', password: 'hush' });
  });

  it('uses the default for an empty REDIS_URL', () => {
    const loaded = load({ ...secret, REDIS_URL: '' });
    expect(loaded.ok && loaded.value.service.REDIS_URL.hosts).toEqual([{ host: '127.0.0.1', port: 6379 }]);
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

describe('a secret', () => {
  const kept = new Secret('hush hush');
  it.each([`${kept}`, JSON.stringify({ kept }), inspect({ kept }), format('%s %o', kept, kept)])(
    'prints as %s, never as its text',
    (printed) => {
      expect(printed).toContain('[secret]');
      expect(printed).not.toContain('hush');
    },
  );
});

describe('OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  it.each([
    ['', ''],
    ['http://collector:4318', 'http://collector:4318'],
    ['https://otel.example.com/paycools/', 'https://otel.example.com/paycools'],
  ])('%j is %j', (value, read) => {
    const loaded = load({ ...secret, OTEL_EXPORTER_OTLP_ENDPOINT: value });
    expect(loaded.ok && loaded.value.service.OTEL_EXPORTER_OTLP_ENDPOINT).toBe(read);
  });

  it.each([
    'collector:4318',
    'grpc://collector:4317',
    'http://user:hush@collector',
    'http://collector?key=hush',
    'hush',
  ])('refuses %s without showing it', (value) => {
    const loaded = load({ ...secret, OTEL_EXPORTER_OTLP_ENDPOINT: value });
    expect(!loaded.ok && loaded.error).toEqual([
      { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', problem: expect.stringMatching(/^must (be a URL|have no user)/) },
    ]);
    expect(JSON.stringify(loaded)).not.toContain('hush');
  });
});

describe('generated files', () => {
  it.each(Object.entries(generatedFiles()))(
    '%s matches the code (otherwise run `npm run generate`)',
    (path, content) => {
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );
});
