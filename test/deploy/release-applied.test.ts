import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nextVersion } from '../../scripts/release/plan-release.ts';
import { temporaryFolder } from '../support/folder.ts';

type Ran = { readonly status: number | null; readonly out: string };

const identity = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@shop.example', GIT_COMMITTER_NAME: 'A' };
const env = { ...process.env, ...identity, GIT_COMMITTER_EMAIL: 'a@shop.example' };

const sh = (cwd: string, script: string): Ran => {
  const { status, stdout, stderr } = spawnSync('sh', ['-euc', script], { cwd, env, encoding: 'utf8' });
  return { status, out: stdout + stderr };
};

const must = (cwd: string, script: string): string => {
  const { status, out } = sh(cwd, script);
  if (status !== 0) throw new Error(out);
  return out;
};

/** A clone of this repository with its uncommitted changes, and a remote for it. */
const scratchClone = () => {
  const folder = resolve(temporaryFolder());
  const [remote, clone] = [join(folder, 'remote.git'), join(folder, 'clone')];
  must('.', `git clone -q --bare . '${remote}' && git clone -q '${remote}' '${clone}'`);
  for (const path of must('.', 'git ls-files -mo --exclude-standard').split('\n').filter(existsSync))
    cpSync(path, join(clone, path));
  symlinkSync(resolve('node_modules'), join(clone, 'node_modules'));
  appendFileSync(join(clone, '.git', 'info', 'exclude'), 'node_modules\n');
  must(
    clone,
    'git add -A && git commit -qm "uncommitted changes" --allow-empty && git push -q origin HEAD:refs/heads/release',
  );
  must(clone, 'git checkout -q -B release --track origin/release');
  return { remote, clone };
};

const release = (clone: string, word: string): Ran =>
  sh(clone, `'${process.execPath}' scripts/release.ts ${word} --apply`);
const git = (folder: string, args: string): string => must(folder, `git ${args}`).trim();
const { version: current } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

describe('npm run release -- --apply, in a scratch clone', () => {
  it('makes packages, notes, bill of materials, checksums, commit and tag, and prints commands that work', () => {
    const { remote, clone } = scratchClone();
    const next = nextVersion(current, 'minor');
    const version = next.ok ? next.value : '';
    const ran = release(clone, 'minor');
    expect(ran).toMatchObject({ status: 0, out: expect.stringContaining(`${current} → ${version}\n`) });
    const made = join(clone, '.data/release', version);
    const sums = must(made, 'sha256sum --check SHA256SUMS');
    const packages = ['', '-client', '-consumer'].map((part) => `paycools-webhooks${part}-${version}.tgz`);
    expect(sums.trim().split('\n').toSorted()).toEqual(
      ['notes.md', ...packages, 'sbom.cdx.json'].map((name) => `${name}: OK`).toSorted(),
    );
    for (const name of packages)
      expect(JSON.parse(must(made, `tar -xzOf ${name} package/package.json`))).toMatchObject({ version });
    expect(git(clone, 'status --porcelain')).toBe('');
    expect(git(clone, 'log -1 --format=%s')).toBe(`release: ${version}`);

    const printed = ran.out.slice(ran.out.indexOf('Next:'));
    must(clone, 'git push --follow-tags');
    const released = git(clone, 'rev-parse HEAD');
    expect(git(remote, 'rev-parse refs/heads/release')).toBe(released);
    expect(git(remote, `rev-parse 'v${version}^{commit}'`)).toBe(released);
    const [, build = ''] = /^ {2}docker (build .*)$/m.exec(printed) ?? [];
    const labels = must(clone, `docker() { printf '%s\n' "$@"; }; docker ${build}`);
    expect(labels).toContain(`\nVERSION=${version}\n`);
    expect(labels).toContain(`\nREVISION=${released}\n`);
    expect(labels).toContain(`\nCREATED=${git(clone, 'log -1 --format=%cI')}\n`);

    const again = release(clone, version);
    expect(again).toMatchObject({ status: 1, out: expect.stringContaining('is not higher than') });
    must(clone, `git reset -q --hard HEAD^`);
    expect(release(clone, 'minor').out).toContain(`the tag v${version} exists`);
    must(made, 'sha256sum --check SHA256SUMS'); // a refusal keeps the files of the release
  }, 120_000);

  it('stops when there are uncommitted changes', () => {
    const { clone } = scratchClone();
    writeFileSync(join(clone, 'LICENSE'), '');
    expect(release(clone, 'patch')).toMatchObject({ status: 1, out: 'there are uncommitted changes\n' });
    expect(git(clone, 'tag')).not.toContain('v');
  }, 60_000);
});
