import { fail, ok, type Result } from '../../src/core/result.ts';

/** The files that carry the version, before a release. */
export type VersionedFiles = {
  readonly packageJson: string;
  readonly packageLock: string;
  readonly chart: string;
  readonly changelog: string;
};

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;
const UNRELEASED = '## Unreleased\n';

/** `major`, `minor`, `patch` or a version; anything that is not higher than the current one is refused. */
export const nextVersion = (current: string, word: string): Result<string, string> => {
  const [, major, minor, patch] = (VERSION.exec(current) ?? []).map(Number) as [unknown, number, number, number];
  if (word === 'major') return ok(`${major + 1}.0.0`);
  if (word === 'minor') return ok(`${major}.${minor + 1}.0`);
  if (word === 'patch') return ok(`${major}.${minor}.${patch + 1}`);
  if (!VERSION.test(word)) return fail(`${word} is not major, minor, patch or a version such as 1.2.3`);
  const isHigher = word.localeCompare(current, 'en', { numeric: true }) > 0;
  return isHigher ? ok(word) : fail(`${word} is not higher than ${current}`);
};

/** What was released: the part of the changelog under "Unreleased". */
export const releaseNotes = (changelog: string): string => {
  const [, after = ''] = changelog.split(UNRELEASED);
  return (after.split(/^## /m)[0] ?? '').trim();
};

const withVersion = (json: string, version: string): string =>
  json.replace(/("name": "paycools-webhooks",\s*"version": ")[^"]+/g, `$1${version}`);

/** The files with the new version. `day` is `yyyy-MM-dd`. */
export const releasedFiles = (files: VersionedFiles, version: string, day: string): VersionedFiles => ({
  packageJson: withVersion(files.packageJson, version),
  packageLock: withVersion(files.packageLock, version),
  chart: files.chart.replace(/^(version|appVersion): .*$/gm, `$1: ${version}`),
  changelog: files.changelog.replace(UNRELEASED, `${UNRELEASED}\n## ${version} - ${day}\n`),
});
