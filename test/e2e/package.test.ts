import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { assets } from '../../src/console/assets.ts';
import { SECRET } from '../support/service.ts';

/**
 * 407,000 when this was set, in 500 files: 60 % is the service with its console, command line, reconciliation and sandbox; a
 * quarter is the client with its types, which are long because every reply is typed; the changelog is 7,000.
 */
const MAX_BYTES = 428_000;

const sh = (command: string, args: readonly string[], cwd = '.'): string => {
  const ran = spawnSync(command, args, { encoding: 'utf8', cwd });
  if (ran.status !== 0) throw new Error(`${command} ${args.join(' ')}:\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
};

/** A folder outside of the repository: below it, Node.js would find all packages of the repository. */
const foreignFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'paycools-package-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Packs this package and unpacks it where npm would put it, beside these packages and no others. */
const projectWith = (dependencies: readonly string[]): string => {
  const folder = foreignFolder();
  const modules = join(folder, 'node_modules');
  const own = join(modules, 'paycools-webhooks');
  mkdirSync(own, { recursive: true });
  const tarball = sh('npm', ['pack', '--silent', '--pack-destination', folder]).trim();
  sh('tar', ['-xzf', join(folder, tarball), '-C', own, '--strip-components', '1']);
  for (const name of dependencies) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return folder;
};

const importIn = (folder: string, entry: string): string =>
  sh(
    process.execPath,
    ['--input-type=module', '-e', `console.log(Object.keys(await import('${entry}')).length > 0)`],
    folder,
  );

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
  ])('loads %s in an empty project that has only %j', (entry, dependencies) => {
    expect(importIn(projectWith(dependencies), entry)).toBe('true\n');
  });

  it('has a command line that reads --env-file itself, wherever it is linked', () => {
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

  it('names the missing package when tracing is on and the optional packages were left out', () => {
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
    // A service that finds the packages after all, above this folder, would run until somebody stops it.
    const ran = spawnSync(process.execPath, [main], { encoding: 'utf8', cwd: folder, env, timeout: 15_000 });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain(
      'OTEL_EXPORTER_OTLP_ENDPOINT needs the package @opentelemetry/context-async-hooks, which is not installed: npm install --include=optional',
    );
  });

  it('is clean for publint and arethetypeswrong', () => {
    expect(sh('publint', ['.', '--strict'])).toContain('All good');
    expect(sh('attw', ['--pack', '.', '--profile', 'esm-only', '--format', 'ascii'])).toContain('paycools-webhooks');
  });
});
