import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const schemas = JSON.parse(readFileSync('test/fixtures/kubernetes/schemas.json', 'utf8')) as { $defs: object };
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(schemas, 'kubernetes');
const kinds = Object.keys(schemas.$defs);

/** Complaints of Kubernetes or the Prometheus Operator about a manifest: unknown or missing fields, wrong types. */
export const schemaComplaints = (manifest: { readonly apiVersion: string; readonly kind: string }): string[] => {
  const [group = '', version = ''] = manifest.apiVersion.includes('/')
    ? [manifest.apiVersion.split(/[./]/)[0] ?? '', manifest.apiVersion.split('/')[1] ?? '']
    : ['core', manifest.apiVersion];
  const kind = kinds.find((name) => name === `io.k8s.api.${group}.${version}.${manifest.kind}`);
  const validate = ajv.getSchema(`kubernetes#/$defs/${kind}`);
  if (kind === undefined || validate === undefined) return [`there is no ${manifest.kind} of ${manifest.apiVersion}`];
  validate(manifest);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
};
