import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { helmBinary, renderChart, runHelm } from '../../scripts/helm.ts';
import { manifestFiles, renderManifests } from '../../scripts/manifests.ts';
import { generateMerchantKeyPair } from '../../src/client/index.ts';
import { variables } from '../../src/config/environment.ts';
import { loadSettings } from '../../src/config/load.ts';
import { MerchantDirectory } from '../../src/config/merchant-directory.ts';
import { schemaComplaints } from './kubernetes-schema.ts';
import { readYaml } from './read.ts';

type Env = readonly { readonly name: string; readonly value: string }[];
type Pod = {
  readonly containers: readonly [{ readonly image: string; readonly command?: string[]; readonly env: Env }];
};
type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: object; readonly annotations?: object };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly rules?: readonly { readonly host: string }[];
    readonly groups?: readonly {
      readonly rules: readonly { readonly annotations: { readonly runbook_url: string } }[];
    }[];
    readonly scaleTargetRef?: { readonly name: string };
    readonly template?: { readonly spec: Pod };
  };
};

const helm = helmBinary() ?? '';
const EXAMPLE = ['--values', 'docker/helm/example-values.yaml'];
/** Additions to the defaults, a test for each. */
const SETTINGS = [
  ['sandbox.enabled=true', 'worker.enabled=true'],
  ['worker.enabled=true', 'worker.autoscaling.enabled=true'],
  ['receiver.autoscaling.enabled=true', 'ingress.enabled=true'],
  ['networkPolicy.enabled=false', 'redis.enabled=false'],
  ['serviceMonitor.enabled=true', 'prometheusRule.enabled=true', 'dashboard.enabled=true'],
];

const rendered = (args: readonly string[] = []): readonly Manifest[] =>
  parseAllDocuments(renderChart(helm, args), { strict: true })
    .map((document) => document.toJS() as Manifest | null)
    .filter((it) => it !== null);

const find = (manifests: readonly Manifest[], kind: string, name: string): Manifest => {
  const found = manifests.find((it) => it.kind === kind && it.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
};

const envOf = (manifest: Manifest): Env => manifest.spec?.template?.spec.containers[0].env ?? [];

describe.skipIf(helm === '')('the Helm chart (runs where helm is on the PATH or in .data/bin)', () => {
  it('passes helm lint, with its defaults and with the example', () => {
    expect(runHelm(helm, ['lint', '--strict', 'docker/helm'])).toContain('0 chart(s) failed');
    expect(runHelm(helm, ['lint', '--strict', 'docker/helm', ...EXAMPLE])).toContain('0 chart(s) failed');
  });

  it.each([[], ...SETTINGS])('fits the schemas of Kubernetes with %s %s', (...settings) => {
    const args = settings.filter((it) => it !== undefined).flatMap((it) => ['--set', it]);
    expect(rendered(args).flatMap(schemaComplaints)).toEqual([]);
  });

  it.each(Object.entries(manifestFiles))('matches %s (otherwise run `npm run manifests`)', (path, args) => {
    const contents = [readFileSync(path, 'utf8'), renderManifests(helm, args)].map((text) =>
      parseAllDocuments(text).map((document) => document.toJS()),
    );
    expect(contents[0]).toEqual(contents[1]); // Helm 3 and 4 leave different blank lines
  });

  it.each([
    ['image.digest=latest', /digest/],
    ['forwarder.enabled=true', /forwarder\.url is missing/],
    ['sandbox.enabled=true,secret.files.PAYCOOLS_CALLBACK_SECRET=null', /sandbox\.enabled needs secret\.files/],
    ['worker.enabled=true,secret.files.REDIS_URL=null', /worker\.enabled needs secret\.files\.REDIS_URL/],
    ['merchants.Shop.env.PAYCOOLS_APP_ID=x', /Shop/],
    ['recevier.replicas=3', /recevier/],
  ])('refuses %s with a message', (setting, message) => {
    expect(() => rendered(['--set', setting])).toThrow(message);
  });
});

describe.skipIf(helm === '')('the example values of the Helm chart', () => {
  const manifests = helm === '' ? [] : rendered(EXAMPLE);

  it('fit the schemas of Kubernetes', () => {
    expect(manifests.length).toBeGreaterThan(12);
    expect(manifests.flatMap(schemaComplaints)).toEqual([]);
  });

  it('set only existing variables', () => {
    const names = envOf(find(manifests, 'StatefulSet', 'paycools-receiver')).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['OPS_TOKEN_FILE', 'RECONCILE_SCHEDULE', 'MERCHANTS_FILE']));
    expect(names).not.toContain('PAYCOOLS_CALLBACK_SECRET_FILE');
    const known = [...Object.keys(variables), 'OPS_OPERATORS'];
    expect(names.filter((name) => !known.includes(name.replace(/_FILE$/, '')) && name !== 'MERCHANTS_FILE')).toEqual(
      [],
    );
  });

  it('are a configuration with two merchants that the service accepts', async () => {
    const { data } = find(manifests, 'ConfigMap', 'paycools-receiver-merchants');
    const contents: readonly (readonly [string, string])[] = [
      ['merchants.json', data?.['merchants.json'] ?? ''],
      ['.pem', (await generateMerchantKeyPair()).privateKey.reveal()],
      ['redis-url', 'redis://paycools:password@redis.shop.example:6379'],
      ['ops-operators', 'ana:token-of-ana-not-real'],
    ];
    const readFile = (path: string): string =>
      contents.find(([end]) => path.endsWith(end))?.[1] ?? `content of ${path}`;
    const pairs = envOf(find(manifests, 'StatefulSet', 'paycools-receiver'));
    const loaded = loadSettings({ env: Object.fromEntries(pairs.map((it) => [it.name, it.value])), readFile });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const merchants = MerchantDirectory.open({ settings: loaded.value, readFile });
    expect(merchants).toMatchObject({ ok: true, value: { names: ['shop-a', 'shop-b'] } });
  });

  it('put several merchants into MERCHANTS_FILE without their secrets', () => {
    const { data } = find(manifests, 'ConfigMap', 'paycools-receiver-merchants');
    expect(JSON.parse(data?.['merchants.json'] ?? '')).toEqual({
      'shop-a': {
        PAYCOOLS_APP_ID: '1000001',
        PAYCOOLS_BASE_URL: 'https://paycools.example',
        PAYCOOLS_CALLBACK_SECRET_FILE: '/run/paycools/shop-a-secret',
        PAYCOOLS_PRIVATE_KEY_FILE: '/run/paycools/shop-a.pem',
      },
      'shop-b': { PAYCOOLS_CALLBACK_SECRET_FILE: '/run/paycools/shop-b-secret' },
    });
  });

  it('run the image by digest, and no Redis', () => {
    const pod = find(manifests, 'StatefulSet', 'paycools-receiver').spec?.template?.spec;
    expect(pod?.containers[0].image).toMatch(/^registry\.example\/paycools-webhooks@sha256:0+$/);
    expect(manifests.filter(({ metadata }) => metadata.name === 'paycools-redis')).toEqual([]);
  });

  it('route only the public paths through the Ingress, with TLS', () => {
    const ingress = find(manifests, 'Ingress', 'paycools-receiver');
    expect(ingress.metadata.annotations).toEqual({ 'cert-manager.io/cluster-issuer': 'letsencrypt' });
    expect(ingress.spec).toMatchObject({ tls: [{ hosts: ['callbacks.shop.example'], secretName: 'paycools-tls' }] });
    const paths = [...JSON.stringify(ingress.spec).matchAll(/"path":"([^"]+)"/g)].map(([, path]) => path);
    expect(paths).toEqual(['/callbacks', '/merchants', '/healthz']);
  });

  it('forward events to the endpoint', () => {
    const forwarder = find(manifests, 'Deployment', 'paycools-forwarder');
    const command = 'paycools forward --to https://app.shop.example/paycools-events --product payout --product refund';
    expect(forwarder.spec?.template?.spec.containers[0].command?.join(' ')).toBe(command);
    expect(envOf(forwarder).map(({ name }) => name)).toEqual(['REDIS_URL_FILE', 'FORWARD_SECRET_FILE']);
  });

  it('load every alert of rules.yml with the address of your runbook', () => {
    const { spec } = find(manifests, 'PrometheusRule', 'paycools-receiver');
    const text = readFileSync('docker/prometheus/rules.yml', 'utf8');
    expect(JSON.stringify(spec)).not.toContain('paycools-webhooks.example');
    expect(spec?.groups?.flatMap(({ rules }) => rules).length).toBe([...text.matchAll(/- alert:/g)].length);
    expect(spec?.groups?.[0]?.rules[0]?.annotations.runbook_url).toBe(
      'https://docs.shop.example/operations#paycoolsreceiverdown',
    );
    expect(JSON.stringify(spec)).toContain('"console_url":"https://ops.shop.example/console/findings"');
  });

  it('give the job the name that the rules and the dashboard use', () => {
    const monitor = find(manifests, 'ServiceMonitor', 'paycools-receiver');
    expect(monitor.metadata.labels).toMatchObject({ release: 'prometheus' });
    expect(JSON.stringify(monitor.spec)).toContain('{"targetLabel":"job","replacement":"paycools-receiver"}');
  });

  it('scale the workers on the age of the queue', () => {
    const scalers = manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(scalers.map(({ spec }) => spec?.scaleTargetRef?.name)).toEqual(['paycools-worker']);
    expect(JSON.stringify(scalers)).toContain('"paycools_queue_oldest_waiting_seconds"');
    expect(find(manifests, 'Deployment', 'paycools-worker').spec).not.toHaveProperty('replicas');
  });
});

describe('the version of the chart', () => {
  it('is that of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(readYaml('docker/helm/Chart.yaml')).toMatchObject({ version, appVersion: version });
  });
});
