import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';

/** Runs a command and returns what it prints; throws when it fails. */
export const sh = (command: string, args: readonly string[], cwd = '.'): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}:\n${stdout}${stderr}`);
  return stdout;
};

export type PackedOptions = {
  /** Folder of the package. */
  readonly source: string;
  readonly name: string;
  /** The only other packages of the project. */
  readonly dependencies: readonly string[];
};

/**
 * Packs a package and unpacks it where npm would put it. Returns the project's folder, which is outside the repository:
 * inside, Node.js would find all packages of the repository.
 */
export const installPacked = ({ source, name, dependencies }: PackedOptions): string => {
  const project = mkdtempSync(join(tmpdir(), 'paycools-package-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, name), { recursive: true });
  const tarball = sh('npm', ['pack', '--silent', '--pack-destination', project], source).trim();
  sh('tar', ['-xzf', join(project, tarball), '-C', join(modules, name), '--strip-components', '1']);
  for (const dependency of dependencies) {
    mkdirSync(dirname(join(modules, dependency)), { recursive: true });
    symlinkSync(resolve('node_modules', dependency), join(modules, dependency));
  }
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  return project;
};

export const expectLintedPackage = (folder: string, name: string): void => {
  expect(sh('publint', [folder, '--strict'])).toContain('All good');
  expect(sh('attw', ['--pack', folder, '--profile', 'esm-only', '--format', 'ascii'])).toContain(name);
};
