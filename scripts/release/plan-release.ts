import { fail, ok, type Result } from '../../src/core/result.ts';

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;
const UNRELEASED = '## Unreleased\n';

/** Resolves `major`, `minor`, `patch` or a version, which must be higher than the current one. */
export const nextVersion = (current: string, word: string): Result<string, string> => {
  const [, major, minor, patch] = (VERSION.exec(current) ?? []).map(Number) as [unknown, number, number, number];
  if (word === 'major') return ok(`${major + 1}.0.0`);
  if (word === 'minor') return ok(`${major}.${minor + 1}.0`);
  if (word === 'patch') return ok(`${major}.${minor}.${patch + 1}`);
  if (!VERSION.test(word)) return fail(`${word} is not major, minor, patch or a version such as 1.2.3`);
  const isHigher = word.localeCompare(current, 'en', { numeric: true }) > 0;
  return isHigher ? ok(word) : fail(`${word} is not higher than ${current}`);
};

/** The part of the changelog under "Unreleased". */
export const releaseNotes = (changelog: string): string => {
  const [, after = ''] = changelog.split(UNRELEASED);
  return (after.split(/^## /m)[0] ?? '').trim();
};

type Release = { readonly current: string; readonly version: string /** `yyyy-MM-dd` */; readonly day: string };

const ofPackage = (json: string, { version }: Release): string =>
  json.replace(/("name": "paycools-webhooks",\s*"version": ")[^"]+/g, `$1${version}`);

const ofChart = (yaml: string, { version }: Release): string =>
  yaml.replace(/^(version|appVersion): .*$/gm, `$1: ${version}`);

const ofChangelog = (page: string, { version, day }: Release): string =>
  page.replace(UNRELEASED, `${UNRELEASED}\n## ${version} - ${day}\n`);

/** The image's tag, its label and its build argument, in rendered manifests and in commands of the documentation. */
const ofImage = (text: string, { current, version }: Release): string =>
  ['paycools-webhooks:', 'VERSION=', 'app.kubernetes.io/version: "'].reduce(
    (changed, before) => changed.replaceAll(before + current, before + version),
    text,
  );

/** The files that contain the version, and how each is updated. */
const versioned: Readonly<Record<string, (text: string, release: Release) => string>> = {
  'package.json': ofPackage,
  'package-lock.json': ofPackage,
  'docker/helm/Chart.yaml': ofChart,
  'docker/kubernetes/paycools.yaml': ofImage,
  'docker/kubernetes/sandbox.yaml': ofImage,
  'docker/kubernetes/forwarder.yaml': ofImage,
  'docs/deployment.md': ofImage,
  'CHANGELOG.md': ofChangelog,
};

export const versionedPaths: readonly string[] = Object.keys(versioned);

/**
 * Returns the files with the new version.
 *
 * @throws Error if one of them does not contain the current version
 */
export const releasedFiles = (files: ReadonlyMap<string, string>, release: Release): ReadonlyMap<string, string> =>
  new Map(
    [...files].map(([path, text]) => {
      const released = versioned[path]?.(text, release);
      if (released === undefined || released === text) throw new Error(`the version could not be set in ${path}`);
      return [path, released];
    }),
  );

/** The command that builds and pushes a release's image, with labels, bill of materials and provenance. */
export const imageCommand = (version: string): string => {
  const labels = [
    `VERSION=${version}`,
    `REVISION=$(git rev-parse 'v${version}^{commit}')`,
    `CREATED=$(git log -1 --format=%cI v${version})`,
    'NODE_IMAGE=docker.io/library/node:24-bookworm-slim@sha256:…',
  ];
  const args = labels.map((label) => `--build-arg ${label}`).join(' ');
  return `docker build ${args} --sbom=true --provenance=mode=max -t registry.example/paycools-webhooks:${version} --push .`;
};
