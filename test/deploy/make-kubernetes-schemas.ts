// Writes test/fixtures/kubernetes/schemas.json: the schemas of the kinds that docker/helm uses and of everything that they
// refer to, without descriptions. To renew it for another version of Kubernetes:
//   pip download --no-deps kubernetes-validate && unzip kubernetes_validate-*.whl
//   node test/deploy/make-kubernetes-schemas.ts \
//     kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict/_definitions.json
// That package makes them from the OpenAPI document of Kubernetes; "strict" refuses unknown fields.
import { readFileSync, writeFileSync } from 'node:fs';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const KINDS = [
  'io.k8s.api.apps.v1.Deployment',
  'io.k8s.api.apps.v1.StatefulSet',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  'io.k8s.api.core.v1.ConfigMap',
  'io.k8s.api.core.v1.Service',
  'io.k8s.api.networking.v1.Ingress',
  'io.k8s.api.networking.v1.NetworkPolicy',
  'io.k8s.api.policy.v1.PodDisruptionBudget',
];

/** A schema without its prose; a property may be called `description`, so those of `properties` are all kept. */
const bare = (schema: Json, isProperties = false): Json => {
  if (Array.isArray(schema)) return schema.map((it) => bare(it));
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([name]) => isProperties || (name !== 'description' && !name.startsWith('x-kubernetes')),
  );
  return Object.fromEntries(kept.map(([name, it]) => [name, bare(it, name === 'properties' && !isProperties)]));
};

const referred = (schema: Json): string[] => [
  ...new Set([...JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g)].map(([, name = '']) => name)),
];

const [path = ''] = process.argv.slice(2);
const { $defs } = JSON.parse(readFileSync(path, 'utf8')) as { $defs: Readonly<Record<string, Json>> };
const chosen: Record<string, Json> = {};
const open = [...KINDS];
for (let name = open.pop(); name !== undefined; name = open.pop()) {
  if (name in chosen) continue;
  const schema = bare($defs[name] ?? null);
  chosen[name] = schema;
  open.push(...referred(schema));
}
const sorted = Object.fromEntries(Object.entries(chosen).toSorted(([a], [b]) => a.localeCompare(b)));
writeFileSync('test/fixtures/kubernetes/schemas.json', `${JSON.stringify({ $defs: sorted })}\n`);
