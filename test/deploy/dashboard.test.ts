import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { complaintsAbout } from './exported.ts';
import { readYaml } from './read.ts';

type Panel = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
};

type Dashboard = {
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly links: readonly { readonly url: string }[];
};

const text = readFileSync('docker/grafana/dashboards/paycools.json', 'utf8');
const { panels } = JSON.parse(text) as { panels: readonly Panel[] };
const charts = panels.filter(({ type }) => type !== 'row');
const [datasource] = readYaml<{ datasources: readonly { uid: string; url: string }[] }>(
  'docker/grafana/provisioning/datasources/prometheus.yml',
).datasources;

const overlap = (a: Panel, b: Panel): boolean =>
  a.id < b.id &&
  a.gridPos.x < b.gridPos.x + b.gridPos.w &&
  b.gridPos.x < a.gridPos.x + a.gridPos.w &&
  a.gridPos.y < b.gridPos.y + b.gridPos.h &&
  b.gridPos.y < a.gridPos.y + a.gridPos.h;

describe('the dashboard', () => {
  it('gives every panel its own id and place', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(panels.flatMap((a) => panels.filter((b) => overlap(a, b)).map((b) => [a.title, b.title]))).toEqual([]);
  });

  it.each(charts)('queries only exported series of the provisioned Prometheus: $title', ({ targets = [], ...rest }) => {
    expect(rest.datasource?.uid).toBe(datasource?.uid);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.flatMap(({ expr }) => complaintsAbout(expr))).toEqual([]);
  });

  it('shows every metric of the service', () => {
    const page = readFileSync('docs/metrics.md', 'utf8');
    const documented = [...page.matchAll(/^\| `(paycools_\w+)`/gm)].map(([, name = '']) => name);
    const missing = documented.filter((name) => !text.includes(name));
    expect(missing).toEqual(['paycools_key_info']); // the log and the doctor show which keys are in use
  });

  it('is mounted by the compose file where Grafana looks for it', () => {
    const [provider] = readYaml<{ providers: readonly { options: { path: string } }[] }>(
      'docker/grafana/provisioning/dashboards/paycools.yml',
    ).providers;
    const compose = readFileSync('docker-compose.yml', 'utf8');
    expect(compose).toContain(`- ./docker/grafana/dashboards:${provider?.options.path}:ro`);
    expect(compose).toContain(`GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: ${provider?.options.path}/paycools.json`);
  });

  it('requests nothing from the Internet', () => {
    expect(text.replaceAll('http://127.0.0.1:8081', '')).not.toMatch(/https?:\/\//);
  });

  it('can be limited to merchants, and links to the console', () => {
    const { templating, links } = JSON.parse(text) as Dashboard;
    expect(templating.list.map(({ name }) => name)).toEqual(['merchant', 'console']);
    const callbacks = charts
      .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
      .filter((expr) => /callbacks_total/.test(expr) && !/misrouted/.test(expr));
    expect(callbacks.filter((expr) => !expr.includes('merchant=~"$merchant"'))).toEqual([]);
    expect(links.map(({ url }) => url)).toContain('${console}/console');
  });
});
