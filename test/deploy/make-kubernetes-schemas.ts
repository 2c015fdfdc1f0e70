// Writes test/fixtures/kubernetes/schemas.json: the schemas of the kinds that docker/helm uses, and everything they refer to,
// without descriptions. For another version of Kubernetes:
//   pip download --no-deps kubernetes-validate && unzip kubernetes_validate-*.whl
//   git clone https://github.com/prometheus-operator/prometheus-operator
//   node test/deploy/make-kubernetes-schemas.ts \
//     kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict/_definitions.json \
//     prometheus-operator/example/prometheus-operator-crd/monitoring.coreos.com_{servicemonitors,prometheusrules}.yaml
// That package builds them from the OpenAPI document of Kubernetes; its "strict" ones refuse unknown fields.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

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

/** Removes the prose of a schema, but not a property that is called `description`. */
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

/** In Go, `(?i)` applies to the rest of a pattern; JavaScript needs a group. */
const inJavaScript = (pattern: string): string => pattern.replace(/^\^\(\?i\)(.*)\$$/, '^(?i:$1)$');

/** Closes a schema to unknown fields: Kubernetes drops them silently, but a typo must fail here. */
const strict = (schema: Json): Json => {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema === 'string') return inJavaScript(schema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const fields = Object.fromEntries(Object.entries(schema).map(([name, it]) => [name, strict(it)]));
  const isClosed = 'properties' in schema && !('additionalProperties' in schema);
  return isClosed ? { ...fields, additionalProperties: false } : fields;
};

type CustomResource = {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly [{ readonly name: string; readonly schema: { readonly openAPIV3Schema: Json } }];
  };
};

const [path = '', ...customPaths] = process.argv.slice(2);
const { $defs } = JSON.parse(readFileSync(path, 'utf8')) as { $defs: Readonly<Record<string, Json>> };
const chosen: Record<string, Json> = {};
const open = [...KINDS];
for (let name = open.pop(); name !== undefined; name = open.pop()) {
  if (name in chosen) continue;
  const schema = bare($defs[name] ?? null);
  chosen[name] = schema;
  open.push(...referred(schema));
}
for (const customPath of customPaths) {
  const { spec } = parse(readFileSync(customPath, 'utf8')) as CustomResource;
  const [{ name, schema }] = spec.versions;
  const closed = strict(bare(schema.openAPIV3Schema)) as { readonly properties: object };
  const properties = {
    ...closed.properties,
    metadata: { $ref: '#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
  };
  chosen[`io.k8s.api.monitoring.${name}.${spec.names.kind}`] = { ...closed, properties };
}
const sorted = Object.fromEntries(Object.entries(chosen).toSorted(([a], [b]) => a.localeCompare(b)));
writeFileSync('test/fixtures/kubernetes/schemas.json', `${JSON.stringify({ $defs: sorted })}\n`);
