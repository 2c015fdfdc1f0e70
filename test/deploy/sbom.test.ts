import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Locked = { readonly version: string; readonly dev?: true; readonly devOptional?: true };
type Bill = {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly { readonly name: string; readonly version: string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');
const labelOf = ([path, { version }]: readonly [string, Locked]): string =>
  `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`;

describe('npm run sbom', () => {
  it('lists every production dependency and no development dependency', () => {
    const ran = spawnSync(process.execPath, ['scripts/sbom.ts'], { encoding: 'utf8' });
    const bill = JSON.parse(ran.stdout) as Bill;
    const listed = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
    const production = locked.filter(([, { dev, devOptional }]) => dev === undefined && devOptional === undefined);
    const development = locked.filter(([, { dev }]) => dev === true).map(labelOf);
    const both = new Set(production.map(labelOf));
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'paycools-webhooks' } } });
    expect(production.map(labelOf).filter((label) => !listed.has(label))).toEqual([]);
    expect(development.filter((label) => listed.has(label) && !both.has(label))).toEqual([]);
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
    const [root] = bill.dependencies.filter(({ ref }) => ref.startsWith('paycools-webhooks@'));
    const names = root?.dependsOn.map((ref) => ref.slice(0, ref.lastIndexOf('@')));
    expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  });
});
