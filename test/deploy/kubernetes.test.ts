import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { forwardVariables, variables } from '../../src/config/environment.ts';
import { schemaComplaints } from './kubernetes-schema.ts';
import { makeSecrets } from './make-secrets.ts';
import { readManifests } from './read.ts';

type Volume = { readonly name: string; readonly secret?: { readonly items: readonly { readonly key: string }[] } };
type Container = {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
};
type Pod = { readonly containers: readonly Container[]; readonly volumes: readonly Volume[] };
type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly selector?: unknown;
    readonly serviceName?: string;
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: Pod;
    };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    readonly ports?: readonly { readonly targetPort: string }[];
  };
};

const NAME = 'app.kubernetes.io/name';
const manifests = readManifests<Manifest>('docker/kubernetes');
const workloads = manifests.flatMap((it) => {
  const { template } = it.spec ?? {};
  return template === undefined ? [] : [{ ...it, name: it.metadata.name, template, pod: template.spec }];
});
const workload = (name: string) => workloads.filter((it) => it.template.metadata.labels[NAME] === name);

const withoutFile = ({ file: _, ...manifest }: Manifest & { readonly file: string }): Manifest => manifest;

describe('the manifests in docker/kubernetes', () => {
  it.each(manifests)('$file: $kind $metadata.name fits the schema of Kubernetes', (manifest) => {
    expect(schemaComplaints(withoutFile(manifest))).toEqual([]);
  });

  it('would fail with a field unknown to Kubernetes or a wrong type', () => {
    const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', spec: { minAvailable: true, selectr: {} } };
    const complaints = schemaComplaints(budget);
    expect(complaints.join('\n')).toContain('{"additionalProperty":"selectr"}');
    expect(complaints.join('\n')).toContain('/spec/minAvailable must be string,null');
    const monitor = { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', spec: { selectr: {} } };
    expect(schemaComplaints(monitor).join('\n')).toContain('{"additionalProperty":"selectr"}');
    expect(schemaComplaints({ apiVersion: 'apps/v1', kind: 'Daemon' })).toEqual(['there is no Daemon of apps/v1']);
  });

  it('name no namespace', () => {
    expect(manifests.filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
  });

  it.each(workloads)('$name runs without privileges and writes only to its volumes', ({ pod }) => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          resources: { requests: expect.anything(), limits: { memory: expect.any(String) } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    });
  });

  it.each(workloads)(
    '$name mounts existing volumes, and only secrets that docs/deployment.md creates',
    ({ pod, spec }) => {
      const claimed = (spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
      const names = [...pod.volumes.map(({ name }) => name), ...claimed];
      const mounted = pod.containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
      expect(mounted.toSorted()).toEqual(names.toSorted());
      const keys = pod.volumes.flatMap(({ secret }) => (secret?.items ?? []).map(({ key }) => key));
      const made = [...Object.keys(makeSecrets()), 'callback-secret'];
      expect(keys.filter((key) => !made.includes(key))).toEqual([]);
    },
  );

  it.each(workloads)('$name sets only existing variables and mounted files', ({ pod }) => {
    const env = pod.containers.flatMap((container) => container.env ?? []);
    const known = Object.keys({ ...variables, ...forwardVariables });
    expect(env.filter(({ name }) => !known.includes(name.replace(/_FILE$/, '')))).toEqual([]);
    const files = env.filter(({ name }) => name.endsWith('_FILE')).map(({ value }) => value);
    const keys = pod.volumes.flatMap(({ secret }) => (secret?.items ?? []).map(({ key }) => `/run/paycools/${key}`));
    expect(files.filter((path) => !keys.includes(path))).toEqual([]);
  });

  it('point every service, budget and policy to existing pods and ports', () => {
    const selecting = manifests.filter(({ kind }) => /Service|PodDisruptionBudget|NetworkPolicy/.test(kind));
    const broken = selecting.flatMap((manifest) => {
      const [, name = ''] = /"app\.kubernetes\.io\/name":"([^"]+)"/.exec(JSON.stringify(manifest.spec)) ?? [];
      const ports = workload(name).flatMap(({ pod }) => pod.containers.flatMap((it) => it.ports ?? []));
      const wanted = (manifest.spec?.ports ?? []).map(({ targetPort }) => targetPort);
      const missing = wanted.filter((port) => !ports.some((it) => it.name === port));
      return workload(name).length === 1 && missing.length === 0 ? [] : [manifest.metadata.name];
    });
    expect(selecting.length).toBeGreaterThan(5);
    expect(broken).toEqual([]);
  });

  it('keep the spool of each replica on its own disk, which is retained', () => {
    const [receiver] = workload('paycools-receiver');
    expect(receiver).toMatchObject({
      kind: 'StatefulSet',
      spec: {
        replicas: 2,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        volumeClaimTemplates: [{ metadata: { name: 'spool' } }],
      },
    });
    const spool = receiver?.pod.containers[0]?.volumeMounts.find(({ name }) => name === 'spool');
    expect(readFileSync('Dockerfile', 'utf8')).toContain(`SPOOL_DIR=${spool?.mountPath}/spool`);
  });
});
