// `npm run release -- major|minor|patch|VERSION [--apply]`: a dry run unless --apply is given. It sets the version in
// package.json, the lock file and the Helm chart, dates the changelog, renders the manifests, and puts the packages, the
// release notes, the bill of materials and checksums into .data/release/VERSION; then it commits and tags. It pushes nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextVersion, releasedFiles, releaseNotes } from './release/plan-release.ts';

const PATHS = {
  packageJson: 'package.json',
  packageLock: 'package-lock.json',
  chart: 'docker/helm/Chart.yaml',
  changelog: 'CHANGELOG.md',
} as const;
const FILES = Object.keys(PATHS) as (keyof typeof PATHS)[];

const stop = (sentence: string): never => {
  console.error(sentence);
  process.exit(1);
};

const output = (command: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return status === 0 ? stdout : stop(`${command} ${args.join(' ')} failed: ${stderr}`);
};

const read = (): Record<keyof typeof PATHS, string> => ({
  packageJson: readFileSync(PATHS.packageJson, 'utf8'),
  packageLock: readFileSync(PATHS.packageLock, 'utf8'),
  chart: readFileSync(PATHS.chart, 'utf8'),
  changelog: readFileSync(PATHS.changelog, 'utf8'),
});

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

const imageCommand = (version: string): string =>
  `docker build --build-arg VERSION=${version} --build-arg REVISION=$(git rev-parse v${version}) ` +
  `--build-arg CREATED=$(git show -s --format=%cI v${version}) --build-arg NODE_IMAGE=docker.io/library/node:24-bookworm-slim@sha256:… ` +
  `--sbom=true --provenance=mode=max -t registry.example/paycools-webhooks:${version} --push .`;

const [word = ''] = process.argv.slice(2).filter((it) => !it.startsWith('--'));
const isApplied = process.argv.includes('--apply');
const before = read();
const current = (JSON.parse(before.packageJson) as { version: string }).version;
const next = nextVersion(current, word);
const version = next.ok
  ? next.value
  : stop(`${next.error}. Usage: npm run release -- major|minor|patch|VERSION [--apply]`);
const notes = releaseNotes(before.changelog);
if (notes === '') stop('CHANGELOG.md has nothing under "Unreleased"');
const after = releasedFiles(before, version, new Date().toISOString().slice(0, 10));
const changed = FILES.filter((file) => before[file] !== after[file]);
if (changed.length !== FILES.length)
  stop(`the version could not be set in ${FILES.filter((it) => !changed.includes(it)).join(', ')}`);

console.log(`${current} → ${version}${isApplied ? '' : ' (dry run: nothing is changed; --apply does it)'}`);
for (const file of FILES) console.log(`  ${PATHS[file]}`);
console.log('  docker/kubernetes, where helm is installed');
const folder = `.data/release/${version}`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
if (isApplied) {
  if (output('git', ['status', '--porcelain']) !== '') stop('there are uncommitted changes');
  for (const file of FILES) writeFileSync(PATHS[file], after[file]);
  if (spawnSync('helm', ['version']).status === 0) output('node', ['scripts/manifests.ts']);
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
  output('git', ['tag', '--annotate', `v${version}`, '--message', version]);
}
console.log(
  `${isApplied ? 'Next' : 'After it'}:\n  git push --follow-tags\n  ${imageCommand(version)}\n  npm publish --provenance <each package in ${folder}>`,
);
