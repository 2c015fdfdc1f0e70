import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The last commit of version 0.1 before its interfaces changed. */
export const OLD_RELEASE = '5972700';

/** Whether the history of this clone contains a commit. */
export const hasCommit = (commit: string): boolean =>
  spawnSync('git', ['cat-file', '-e', `${commit}^{commit}`]).status === 0;

/**
 * Writes the sources of a commit to a folder, next to a link to the installed packages.
 *
 * @returns the `src` folder
 */
export const checkOut = (commit: string, folder: string): string => {
  mkdirSync(folder, { recursive: true });
  const { status, stderr } = spawnSync('sh', [
    '-ec',
    `git archive "$1" src package.json > "$2/release.tar" && tar -xf "$2/release.tar" -C "$2"`,
    'sh',
    commit,
    folder,
  ]);
  if (status !== 0) throw new Error(`commit ${commit} cannot be checked out: ${stderr}`);
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return resolve(folder, 'src');
};
