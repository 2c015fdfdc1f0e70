// `npm run sbom`: prints the bill of materials (CycloneDX) of the image and the package, from the lock file. It removes
// development dependencies itself, because `npm sbom --omit dev` also omits packages that both need, such as zod.
import { spawnSync } from 'node:child_process';
import { z } from 'zod';

const billSchema = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ 'bom-ref': z.string() }) }),
  components: z.array(
    z.looseObject({ 'bom-ref': z.string(), properties: z.array(z.looseObject({ name: z.string() })) }),
  ),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

const DEVELOPMENT = 'cdx:npm:package:development';
const ARGS = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];

const { status, stdout, stderr } = spawnSync('npm', ARGS, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
if (status !== 0) {
  process.stderr.write(stderr);
  process.exit(1);
}
const { metadata, components, dependencies, ...rest } = billSchema.parse(JSON.parse(stdout));
const kept = components.filter(({ properties }) => !properties.some(({ name }) => name === DEVELOPMENT));
const refs = new Set([metadata.component['bom-ref'], ...kept.map((component) => component['bom-ref'])]);
const bill = {
  ...rest,
  // npm uses the name of the folder instead of that of the package.
  metadata: { ...metadata, component: { ...metadata.component, name: 'paycools-webhooks' } },
  components: kept,
  dependencies: dependencies
    .filter(({ ref }) => refs.has(ref))
    .map((it) => ({ ...it, dependsOn: it.dependsOn.filter((ref) => refs.has(ref)) })),
};
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
