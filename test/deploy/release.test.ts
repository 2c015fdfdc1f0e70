import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nextVersion, releasedFiles, releaseNotes } from '../../scripts/release/plan-release.ts';

const release = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/release.ts', ...args], { encoding: 'utf8' });

describe('npm run release', () => {
  it('changes nothing without --apply, and writes notes, bill of materials and checksums', () => {
    const folder = '.data/release/98.7.6';
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const before = execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' });
    const { status, stdout, stderr } = release('98.7.6');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('→ 98.7.6 (dry run: nothing is changed; --apply does it)');
    expect(stdout).toContain('--sbom=true --provenance=mode=max');
    expect(execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' })).toBe(before);
    const bill = readFileSync(`${folder}/sbom.cdx.json`);
    expect(JSON.parse(bill.toString())).toMatchObject({ bomFormat: 'CycloneDX' });
    const sum = createHash('sha256').update(bill).digest('hex');
    expect(readFileSync(`${folder}/SHA256SUMS`, 'utf8')).toContain(`${sum}  sbom.cdx.json\n`);
    expect(readFileSync(`${folder}/notes.md`, 'utf8')).toMatch(/^### /);
  }, 60_000);

  it.each([
    ['0.0.1', '0.0.1 is not higher than'],
    ['next', 'next is not major, minor, patch or a version such as 1.2.3'],
    ['', 'Usage: npm run release'],
  ])('refuses the version "%s"', (word, message) => {
    const { status, stderr } = release(word);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  it.each([
    ['major', '1.0.0'],
    ['minor', '0.10.0'],
    ['patch', '0.9.10'],
    ['0.10.1', '0.10.1'],
  ])('takes "%s" after 0.9.9 to mean %s', (word, version) => {
    expect(nextVersion('0.9.9', word)).toEqual({ ok: true, value: version });
  });

  it('sets the version everywhere, and dates the changelog', () => {
    const named = '{\n  "name": "paycools-webhooks",\n  "version": "0.1.0"';
    const files = new Map([
      ['package.json', named],
      ['package-lock.json', `${named},\n  "packages": { "": ${named}, "node_modules/a": { "version": "0.1.0"`],
      ['docker/helm/Chart.yaml', 'name: a\nversion: 0.1.0\nappVersion: 0.1.0\n'],
      ['docs/deployment.md', 'docker build -t paycools-webhooks:0.1.0 --build-arg VERSION=0.1.0 # needs redis 0.1.0'],
      ['CHANGELOG.md', '# Changelog\n\n## Unreleased\n\n### Added\n\n- A\n\n## 0.1.0 - 2026-01-01\n'],
    ]);
    const release = { current: '0.1.0', version: '0.2.0', day: '2026-12-01' };
    const released = releasedFiles(files, release);
    expect(released.get('package.json')).toContain('"version": "0.2.0"');
    expect(released.get('package-lock.json')?.match(/0\.2\.0/g)).toHaveLength(2);
    expect(released.get('package-lock.json')).toContain('"node_modules/a": { "version": "0.1.0"');
    expect(released.get('docker/helm/Chart.yaml')).toBe('name: a\nversion: 0.2.0\nappVersion: 0.2.0\n');
    expect(released.get('docs/deployment.md')).toBe(
      'docker build -t paycools-webhooks:0.2.0 --build-arg VERSION=0.2.0 # needs redis 0.1.0',
    );
    expect(released.get('CHANGELOG.md')).toContain('## Unreleased\n\n## 0.2.0 - 2026-12-01\n\n### Added');
    expect(releaseNotes(files.get('CHANGELOG.md') ?? '')).toBe('### Added\n\n- A');
    expect(() => releasedFiles(new Map([['package.json', '{}']]), release)).toThrow('set in package.json');
  });
});
