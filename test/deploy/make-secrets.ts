import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folder.ts';

/** Runs docker/make-secrets.mjs on a folder, by default a temporary one. Returns its files' contents by name. */
export const makeSecrets = (folder = temporaryFolder()): Readonly<Record<string, string>> => {
  const made = spawnSync(process.execPath, ['docker/make-secrets.mjs', folder], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
};
