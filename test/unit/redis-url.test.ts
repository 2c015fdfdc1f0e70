import { describe, expect, it } from 'vitest';
import { parseDurability } from '../../src/core/durability.ts';
import { parseRedisUrl } from '../../src/core/redis-url.ts';

const local = { host: 'localhost', port: 6379 };

describe('parseRedisUrl', () => {
  it.each([
    ['redis://localhost', { kind: 'single', tls: false, hosts: [local], db: 0 }],
    ['redis://localhost:7000/3', { kind: 'single', hosts: [{ host: 'localhost', port: 7000 }], db: 3 }],
    ['rediss://localhost', { kind: 'single', tls: true }],
    ['redis://:p%40ss@localhost', { password: 'p@ss' }],
    ['redis://me:secret@localhost:6379', { username: 'me', password: 'secret', hosts: [local] }],
    ['redis://[::1]:6380', { hosts: [{ host: '::1', port: 6380 }] }],
    [
      'redis+cluster://a,b:7001,c',
      {
        kind: 'cluster',
        hosts: [
          { host: 'a', port: 6379 },
          { host: 'b', port: 7001 },
          { host: 'c', port: 6379 },
        ],
      },
    ],
    ['rediss+cluster://u:p@a', { kind: 'cluster', tls: true, username: 'u', password: 'p' }],
    [
      'redis+sentinel://a,b:26380/main',
      {
        kind: 'sentinel',
        name: 'main',
        db: 0,
        hosts: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_380 },
        ],
      },
    ],
    ['redis+sentinel://a/main/2', { kind: 'sentinel', name: 'main', db: 2 }],
    ['rediss+sentinel://a/main', { kind: 'sentinel', name: 'main', tls: true }],
    ['redis+sentinel://a/main?sentinelPassword=p%20w', { kind: 'sentinel', sentinelPassword: 'p w' }],
    ['redis://default:p%25w@a:6379?family=0', { kind: 'single', password: 'p%w', family: 0 }],
    ['redis://a/?db=3', { kind: 'single', db: 3 }],
    ['redis+cluster://a/0', { kind: 'cluster' }],
  ])('reads %s', (url, address) => {
    expect(parseRedisUrl(url)).toMatchObject({ ok: true, value: address });
  });

  it.each([
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://a,b',
    'redis://a/x',
    'redis://a b',
    'redis+cluster://a/1',
    'redis+sentinel://a',
    'redis+sentinel://a/',
    'redis+other://a',
    'redis+cluster://a,,b',
    'redis://a:65536',
    'redis://a?sentinelPassword=x',
  ])('refuses %s', (url) => {
    expect(parseRedisUrl(url)).toMatchObject({ ok: false });
  });

  it.each([
    ['redis://:50%off@host', 'a % in its user name or password that encodes nothing'],
    ['redis://host?ssl_cert_reqs=none', 'the option ssl_cert_reqs, which is not known'],
    ['redis://host?family=5', 'a family that is not 0, 4 or 6'],
  ])('names what is wrong with %s', (url, problem) => {
    const refused = parseRedisUrl(url);
    expect(refused.ok ? '' : refused.error).toContain(problem);
  });

  it('does not show the password of a URL that it refuses', () => {
    const refused = parseRedisUrl('redis://me:hush@a,b/x');
    expect(JSON.stringify(refused)).not.toContain('hush');
  });
});

describe('parseDurability', () => {
  it.each([
    ['fsync', { level: 'fsync' }],
    ['none', { level: 'none' }],
    ['replicas:2', { level: 'replicas', count: 2 }],
  ])('reads %s', (text, durability) => {
    expect(parseDurability(text)).toEqual({ ok: true, value: durability });
  });

  it.each(['', 'replicas', 'replicas:0', 'replicas:99', 'always'])('refuses %j', (text) => {
    expect(parseDurability(text)).toMatchObject({ ok: false });
  });
});
