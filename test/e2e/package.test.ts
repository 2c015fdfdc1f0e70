import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assets } from '../../src/console/assets.ts';
import { SECRET } from '../support/service.ts';
import { expectLintedPackage, installPacked, sh } from './packed.ts';

/**
 * It was 407,000 when this was set, in 500 files: 60 % for the service with its console, command line, reconciliation and
 * sandbox; a quarter for the client, whose types are long because every reply is typed; 7,000 for the changelog.
 */
const MAX_BYTES = 428_000;

/** A project with this package and only these dependencies. */
const projectWith = (dependencies: readonly string[]): string =>
  installPacked({ source: '.', name: 'paycools-webhooks', dependencies });

const importIn = (folder: string, entry: string): string => {
  const code = `console.log(Object.keys(await import('${entry}')).length > 0)`;
  return sh(process.execPath, ['--input-type=module', '-e', code], folder);
};

describe('the package', () => {
  it('is small and contains only what belongs in it', () => {
    const folder = projectWith([]);
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    expect(statSync(join(folder, tarball)).size).toBeLessThan(MAX_BYTES);
    const top = readdirSync(join(folder, 'node_modules', 'paycools-webhooks'));
    expect(top.toSorted()).toEqual(['.env.example', 'CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']);
  });

  it.each([
    ['paycools-webhooks', ['zod']],
    ['paycools-webhooks/client', ['zod']],
    ['paycools-webhooks/consumer', ['zod', 'bullmq', 'ioredis']],
    ['paycools-webhooks/sandbox', ['zod', 'fastify']],
  ])('loads %s in a project that has only %j', (entry, dependencies) => {
    expect(importIn(projectWith(dependencies), entry)).toBe('true\n');
  });

  it('has a command line that reads --env-file when it is called through a link', () => {
    const folder = projectWith([
      'zod',
      'bullmq',
      'ioredis',
      'fastify',
      'commander',
      'ipaddr.js',
      'lru-cache',
      'pino',
      'prom-client',
    ]);
    const command = join(folder, 'paycools');
    symlinkSync(join(folder, 'node_modules', 'paycools-webhooks', 'dist', 'cli', 'main.js'), command);
    expect(sh(command, ['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { status, stderr } = spawnSync(command, ['--env-file', 'missing', 'doctor'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, '--env-file missing cannot be read\n']);
  });

  it('contains the Lua scripts of the sources', () => {
    const packed = join(projectWith([]), 'node_modules', 'paycools-webhooks', 'dist', 'redis', 'scripts');
    const sources = 'src/redis/scripts';
    const names = readdirSync(sources);
    expect(names).toContain('add-events.lua');
    for (const name of names) {
      expect(readFileSync(join(packed, name), 'utf8')).toBe(readFileSync(join(sources, name), 'utf8'));
    }
  });

  it('contains the files of the console', () => {
    const folder = projectWith([]);
    const built = join(folder, 'node_modules', 'paycools-webhooks', 'dist', 'console', 'assets.js');
    const code = `const { assets } = await import('${built}'); console.log(JSON.stringify([...assets.values()]))`;
    const packed = JSON.parse(sh(process.execPath, ['--input-type=module', '-e', code]));
    expect(packed).toMatchObject(
      [...assets.values()].map(({ type }) => ({ type, content: expect.stringMatching(/\S/) })),
    );
  });

  it('names the missing package when tracing is on and the optional packages are not installed', () => {
    const folder = projectWith([
      '@bull-board/api',
      '@bull-board/fastify',
      'zod',
      'bullmq',
      'close-with-grace',
      'ioredis',
      'fastify',
      'ipaddr.js',
      'lru-cache',
      'pino',
      'prom-client',
      '@opentelemetry/api',
    ]);
    const main = join(folder, 'node_modules', 'paycools-webhooks', 'dist', 'main.js');
    const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    // If the packages were found after all, in a folder above, the service would run until it is stopped.
    const ran = spawnSync(process.execPath, [main], { encoding: 'utf8', cwd: folder, env, timeout: 15_000 });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain(
      'OTEL_EXPORTER_OTLP_ENDPOINT needs the package @opentelemetry/context-async-hooks, which is not installed: npm install --include=optional',
    );
  });

  it('passes publint and arethetypeswrong', () => {
    expectLintedPackage('.', 'paycools-webhooks');
  });
});
