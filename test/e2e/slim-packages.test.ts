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
import { delimiter, dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

/**
 * The sizes of all files, without what a disk adds by storing each in whole blocks (`du` shows a quarter more). Less than 1 %
 * is ours: zod takes 6.1 MB, luxon 4.6 (by BullMQ's cron-parser), bullmq 3.6, msgpackr 2.3 and ioredis 1.3.
 */
const MAX_INSTALLED_BYTES = 20_000_000;

const sh = (command: string, args: readonly string[], cwd = '.'): string => {
  const ran = spawnSync(command, args, { encoding: 'utf8', cwd });
  if (ran.status !== 0) throw new Error(`${command} ${args.join(' ')}:\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
};

/** Packs a package and unpacks it outside of the repository, beside its dependencies and no others. */
const projectWith = (folder: string, dependencies: readonly string[]): string => {
  const project = mkdtempSync(join(tmpdir(), 'paycools-slim-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  const modules = join(project, 'node_modules');
  const own = join(modules, '@paycools-webhooks', folder);
  mkdirSync(own, { recursive: true });
  const tarball = sh('npm', ['pack', '--silent', '--pack-destination', project], join('dist-packages', folder)).trim();
  sh('tar', ['-xzf', join(project, tarball), '-C', own, '--strip-components', '1']);
  for (const name of dependencies) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  return project;
};

type Lock = Readonly<
  Record<string, { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }>
>;

/** The folders that npm would install for these packages, by the lock file. */
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

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

beforeAll(() => {
  sh(process.execPath, ['scripts/packages.ts']);
});

describe.each([
  ['consumer', ['bullmq', 'ioredis', 'zod'], 'createConsumer'],
  ['client', ['zod'], 'createPaycoolsClient'],
])('the package of the %s', (folder, dependencies, main) => {
  it(`depends on ${dependencies.join(', ')} only, and loads with these`, () => {
    const manifest = JSON.parse(readFileSync(join('dist-packages', folder, 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(dependencies);
    const code = `console.log(typeof (await import('@paycools-webhooks/${folder}')).${main})`;
    expect(sh(process.execPath, ['--input-type=module', '-e', code], projectWith(folder, dependencies))).toBe(
      'function\n',
    );
  });

  it('exports what the entry of the whole package exports', async () => {
    const own = await import(resolve('dist-packages', folder, 'dist', folder, 'index.js'));
    const whole = await import(resolve('dist', folder, 'index.js'));
    expect(Object.keys(own)).toEqual(Object.keys(whole));
  });

  it('installs less than 20 MB', () => {
    const folders = installedFor(dependencies).filter(isThere);
    const bytes = [join('dist-packages', folder), ...folders].map(bytesBelow).reduce((sum, it) => sum + it, 0);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThan(MAX_INSTALLED_BYTES);
  });

  it('is clean for publint and arethetypeswrong', () => {
    const path = join('dist-packages', folder);
    expect(sh('publint', [path, '--strict'])).toContain('All good');
    expect(sh('attw', ['--pack', path, '--profile', 'esm-only', '--format', 'ascii'])).toContain(folder);
  });
});

/** A Node.js that is too old, if there is one on the PATH. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .filter(isThere)
  .find((node) => Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout)?.[1]) < 24);

describe('an entry', () => {
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
