// `npm run release -- major|minor|patch|VERSION [--apply]`: a dry run unless --apply is given. Sets the version in
// package.json, the lock file, the Helm chart and its rendered manifests, dates the changelog, puts the packages,
// release notes, bill of materials and checksums into .data/release/VERSION, then commits and tags. It pushes nothing.
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageCommand, nextVersion, releasedFiles, releaseNotes, versionedPaths } from './release/plan-release.ts';

const stop = (sentence: string): never => {
  console.error(sentence);
  process.exit(1);
};

const run = (command: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return status === 0 ? stdout : stop(`${command} ${args.join(' ')} failed: ${stderr}`);
};

const checksums = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => name !== 'SHA256SUMS')
    .map((name) => `${hash('sha256', readFileSync(join(folder, name)))}  ${name}\n`)
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
if (notes === '') stop('CHANGELOG.md has no entries under "Unreleased"');
const day = new Date().toISOString().slice(0, 10);
const after = releasedFiles(before, { current, version, day });
const tag = `v${version}`;
if (isApplied && run('git', ['status', '--porcelain']) !== '') stop('there are uncommitted changes');
if (run('git', ['tag', '--list', tag]) !== '') stop(`the tag ${tag} exists`);

console.log(`${current} → ${version}${isApplied ? '' : ' (dry run: nothing is changed; --apply does it)'}`);
for (const path of versionedPaths) console.log(`  ${path}`);
const folder = `.data/release/${version}`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
if (isApplied) {
  for (const [path, text] of after) writeFileSync(path, text);
  run('node', ['scripts/build.mjs']);
  run('node', ['scripts/packages.ts']);
  for (const path of ['.', ...globSync('dist-packages/*')])
    run('npm', ['pack', `./${path}`, '--pack-destination', folder]);
}
writeFileSync(join(folder, 'notes.md'), `${notes}\n`);
writeFileSync(join(folder, 'sbom.cdx.json'), run('node', ['scripts/sbom.ts']));
writeFileSync(join(folder, 'SHA256SUMS'), checksums(folder));
console.log(`${folder}: ${readdirSync(folder).join(', ')}`);
if (isApplied) {
  run('git', ['commit', '--all', '--message', `release: ${version}`]);
  run('git', ['tag', '--annotate', tag, '--message', version]);
}
console.log(
  `${isApplied ? 'Next' : 'Then'}:\n  git push --follow-tags\n  ${imageCommand(version)}\n  npm publish --provenance <each package in ${folder}>`,
);
