// `npm run sbom`: the bill of materials (CycloneDX) of what the image and the package run, from the lock file.
// `npm sbom --omit dev` leaves out what development needs as well, zod for one; so all is asked for, and what only
// development needs is taken away here.
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

const made = spawnSync('npm', ARGS, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
if (made.status !== 0) {
  process.stderr.write(made.stderr);
  process.exit(1);
}
const { metadata, components, dependencies, ...rest } = billSchema.parse(JSON.parse(made.stdout));
const kept = components.filter(({ properties }) => !properties.some(({ name }) => name === DEVELOPMENT));
const refs = new Set([metadata.component['bom-ref'], ...kept.map((component) => component['bom-ref'])]);
const bill = {
  ...rest,
  // npm takes the name of the folder for that of the package.
  metadata: { ...metadata, component: { ...metadata.component, name: 'paycools-webhooks' } },
  components: kept,
  dependencies: dependencies
    .filter(({ ref }) => refs.has(ref))
    .map((it) => ({ ...it, dependsOn: it.dependsOn.filter((ref) => refs.has(ref)) })),
};
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
