// `npm run release -- major|minor|patch|VERSION [--apply]`: a dry run unless --apply is given. It sets the version in
// package.json, the lock file, the Helm chart and what is rendered from it, dates the changelog, and puts the packages, the
// release notes, the bill of materials and checksums into .data/release/VERSION; then it commits and tags. It pushes nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageCommand, nextVersion, releasedFiles, releaseNotes, versionedPaths } from './release/plan-release.ts';

const stop = (sentence: string): never => {
  console.error(sentence);
  process.exit(1);
};

const output = (command: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return status === 0 ? stdout : stop(`${command} ${args.join(' ')} failed: ${stderr}`);
};

const checksums = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => name !== 'SHA256SUMS')
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');

const [word = ''] = process.argv.slice(2).filter((it) => !it.startsWith('--'));
const isApplied = process.argv.includes('--apply');
const before = new Map(versionedPaths.map((path) => [path, readFileSync(path, 'utf8')]));
const { version: current } = JSON.parse(before.get('package.json') ?? '') as { version: string };
const next = nextVersion(current, word);
const version = next.ok
  ? next.value
  : stop(`${next.error}. Usage: npm run release -- major|minor|patch|VERSION [--apply]`);
const notes = releaseNotes(before.get('CHANGELOG.md') ?? '');
if (notes === '') stop('CHANGELOG.md has nothing under "Unreleased"');
const day = new Date().toISOString().slice(0, 10);
const after = releasedFiles(before, { current, version, day });
const tag = `v${version}`;
if (isApplied && output('git', ['status', '--porcelain']) !== '') stop('there are uncommitted changes');
if (output('git', ['tag', '--list', tag]) !== '') stop(`the tag ${tag} exists`);

console.log(`${current} → ${version}${isApplied ? '' : ' (dry run: nothing is changed; --apply does it)'}`);
for (const path of versionedPaths) console.log(`  ${path}`);
const folder = `.data/release/${version}`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
if (isApplied) {
  for (const [path, text] of after) writeFileSync(path, text);
  output('node', ['scripts/build.mjs']);
  output('node', ['scripts/packages.ts']);
  for (const path of ['.', ...globSync('dist-packages/*')])
    output('npm', ['pack', `./${path}`, '--pack-destination', folder]);
}
writeFileSync(join(folder, 'notes.md'), `${notes}\n`);
writeFileSync(join(folder, 'sbom.cdx.json'), output('node', ['scripts/sbom.ts']));
writeFileSync(join(folder, 'SHA256SUMS'), checksums(folder));
console.log(`${folder}: ${readdirSync(folder).join(', ')}`);
if (isApplied) {
  output('git', ['commit', '--all', '--message', `release: ${version}`]);
  output('git', ['tag', '--annotate', tag, '--message', version]);
}
console.log(
  `${isApplied ? 'Next' : 'After it'}:\n  git push --follow-tags\n  ${imageCommand(version)}\n  npm publish --provenance <each package in ${folder}>`,
);
