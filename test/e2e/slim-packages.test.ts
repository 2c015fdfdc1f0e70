import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectLintedPackage, installPacked, sh } from './packed.ts';

/**
 * The sum of the file sizes; `du` counts whole blocks and shows a quarter more. Less than 1 % is this package: zod takes
 * 6.1 MB, luxon 4.6 (through BullMQ's cron-parser), bullmq 3.6, msgpackr 2.3 and ioredis 1.3.
 */
const MAX_INSTALLED_BYTES = 20_000_000;

const projectWith = (folder: string, dependencies: readonly string[]): string =>
  installPacked({ source: join('dist-packages', folder), name: `@paycools-webhooks/${folder}`, dependencies });

type Lock = Readonly<
  Record<string, { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }>
>;

/** The folders that npm would install for these packages, according to the lock file. */
const installedFor = (names: readonly string[]): readonly string[] => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Lock };
  const found = new Set<string>();
  const add = (name: string): void => {
    const path = `node_modules/${name}`;
    if (found.has(path) || packages[path] === undefined) return;
    found.add(path);
    const { dependencies, optionalDependencies } = packages[path];
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) add(next);
  };
  for (const name of names) add(name);
  return [...found];
};

const bytesBelow = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

beforeAll(() => {
  sh(process.execPath, ['scripts/packages.ts']);
});

describe.each([
  ['consumer', ['bullmq', 'ioredis', 'zod'], 'createConsumer'],
  ['client', ['zod'], 'createPaycoolsClient'],
])('the %s package', (folder, dependencies, main) => {
  it(`depends on ${dependencies.join(', ')} only and loads with them`, () => {
    const manifest = JSON.parse(readFileSync(join('dist-packages', folder, 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(dependencies);
    const code = `console.log(typeof (await import('@paycools-webhooks/${folder}')).${main})`;
    expect(sh(process.execPath, ['--input-type=module', '-e', code], projectWith(folder, dependencies))).toBe(
      'function\n',
    );
  });

  it('exports the same as that entry of the whole package', async () => {
    const slim = await import(resolve('dist-packages', folder, 'dist', folder, 'index.js'));
    const whole = await import(resolve('dist', folder, 'index.js'));
    expect(Object.keys(slim)).toEqual(Object.keys(whole));
  });

  it('installs less than 20 MB', () => {
    const folders = installedFor(dependencies).filter(exists);
    const bytes = [join('dist-packages', folder), ...folders].map(bytesBelow).reduce((sum, it) => sum + it, 0);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThan(MAX_INSTALLED_BYTES);
  });

  it('passes publint and arethetypeswrong', () => {
    expectLintedPackage(join('dist-packages', folder), folder);
  });
});

/** A Node.js on the PATH that is too old; undefined if there is none. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .filter(exists)
  .find((node) => Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout)?.[1]) < 24);

describe('the program', () => {
  it.runIf(oldNode !== undefined).each(['dist/main.js', 'dist/cli/main.js'])(
    '%s explains that Node.js is too old (runs where an older one is installed)',
    (entry) => {
      const { status, stderr } = spawnSync(oldNode ?? '', [entry], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/^paycools-webhooks needs Node\.js 24 or later; this is \d+\.[^\n]*\n$/),
      ]);
    },
  );
});
