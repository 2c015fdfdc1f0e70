import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { complaintsAbout } from './exported.ts';
import { readYaml } from './read.ts';

type Rule = {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
};
type Rules = { readonly groups: readonly { readonly rules: readonly Rule[] }[] };

const rules = readYaml<Rules>('docker/prometheus/rules.yml').groups.flatMap((group) => group.rules);
const page = readFileSync('docs/operations.md', 'utf8');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe('the alert rules', () => {
  it.each(rules)('$alert queries only exported series', ({ expr }) => {
    expect(complaintsAbout(expr)).toEqual([]);
  });

  it.each(rules)('$alert has a severity, a summary, a description and the address of its runbook', (rule) => {
    expect(rule).toMatchObject({
      labels: { severity: expect.stringMatching(/^(critical|warning)$/) },
      annotations: {
        summary: expect.stringMatching(/^[A-Z].*\.$/),
        description: expect.stringMatching(/\.$/),
        runbook_url: `https://paycools-webhooks.example/operations#${rule.alert.toLowerCase()}`,
      },
    });
  });

  it('each have a runbook entry in docs/operations.md that begins with commands', () => {
    const entries = [...page.matchAll(/^### (Paycools\w+)\n\n```sh\n\S/gm)].map(([, name]) => name);
    expect(entries).toEqual(rules.map(({ alert }) => alert));
  });

  it('each have a test in which they fire', () => {
    const tests = readFileSync('test/deploy/rules.promtool.yml', 'utf8');
    const fired = [...tests.matchAll(/alertname="(Paycools\w+)",alertstate="firing"/g)].map(([, name]) => name);
    expect(
      rules
        .map(({ alert }) => alert)
        .filter((alert) => !fired.includes(alert) && !tests.includes(`${alert}\n        exp_alerts`)),
    ).toEqual([]);
  });

  it('would fail with an unknown series, label or outcome', () => {
    expect(complaintsAbout('paycools_nothing > 0')).toEqual(['paycools_nothing is not exported']);
    expect(complaintsAbout('paycools_redis_up{x="1"}')).toEqual(['paycools_redis_up has no label x']);
    expect(complaintsAbout('paycools_callbacks_total{outcome=~"forged|nice"}')).toEqual([
      'paycools_callbacks_total has no outcome nice',
    ]);
  });

  it.runIf(hasPromtool)(
    'fire when they should and not before (run where promtool is installed)',
    () => {
      const tested = spawnSync('promtool', ['test', 'rules', 'test/deploy/rules.promtool.yml'], { encoding: 'utf8' });
      expect(tested.stdout + tested.stderr).toContain('SUCCESS');
      expect(tested.status).toBe(0);
    },
    60_000,
  );

  it.runIf(hasPromtool)('are loaded by a valid prometheus.yml (run where promtool is installed)', () => {
    const checked = spawnSync('promtool', ['check', 'config', 'docker/prometheus/prometheus.yml'], {
      encoding: 'utf8',
    });
    expect(checked.stdout + checked.stderr).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(checked.status).toBe(0);
  });
});
