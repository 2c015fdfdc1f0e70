import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { helmBinary, renderChart, runHelm } from '../../scripts/helm.ts';
import { temporaryFolder } from '../support/folder.ts';

const helm = helmBinary() ?? '';
const CHART = 'docker/helm';

/** A copy of the chart with its notes as a template, because helm renders notes only for a cluster. */
const chartWithNotes = (): string => {
  const chart = join(temporaryFolder(), 'chart');
  mkdirSync(chart);
  cpSync(CHART, chart, { recursive: true, dereference: true });
  writeFileSync(join(chart, 'files', 'notes.tpl'), readFileSync(join(CHART, 'templates', 'NOTES.txt')));
  writeFileSync(join(chart, 'templates', 'notes.yaml'), 'notes: {{ tpl (.Files.Get "files/notes.tpl") . | toJson }}\n');
  return chart;
};

const notesWith = (args: readonly string[]): string => {
  const only = ['--show-only', 'templates/notes.yaml', '--kube-version', '1.33.0', '--namespace', 'shop'];
  const { notes } = parse(runHelm(helm, ['template', 'live', chartWithNotes(), ...only, ...args]));
  return notes as string;
};

/** Kind and name of the resources in the kubectl commands of the notes. */
const namedIn = (notes: string): string[] => [
  ...[...notes.matchAll(/\b(statefulset|deployment)\/(\S+)/g)].map(([, kind, name]) => `${kind} ${name}`),
  ...[...notes.matchAll(/(?:exec|port-forward) (\S+)-0\b/g)].map(([, name]) => `statefulset ${name}`),
];

describe.skipIf(helm === '')('the notes of the Helm chart (run where helm is on the PATH or in .data/bin)', () => {
  it('name only resources of the chart, in the namespace of the release', () => {
    const settings = ['--set', 'sandbox.enabled=true'];
    const notes = notesWith(settings);
    const made = parseAllDocuments(renderChart(helm, settings))
      .map(
        (document) => document.toJS() as { readonly kind: string; readonly metadata: { readonly name: string } } | null,
      )
      .map((it) => `${it?.kind.toLowerCase()} ${it?.metadata.name.replace('paycools', 'live-paycools')}`);
    expect(namedIn(notes).length).toBeGreaterThan(3);
    expect(namedIn(notes).filter((it) => !made.includes(it))).toEqual([]);
    const commands = notes.split('\n').filter((line) => line.includes('kubectl'));
    expect(commands.filter((line) => !line.includes('kubectl --namespace shop '))).toEqual([]);
  });

  it.each([
    ['the token', [], '{{index .data "ops-token" | base64decode}}'],
    ['a token for each operator', ['secret.files.OPS_TOKEN=null', 'secret.files.OPS_OPERATORS=staff'], 'that staff of'],
    ['no token', ['secret.files.OPS_TOKEN=null'], 'The console is closed'],
  ])('say how to open the console with %s', (_, settings, sentence) => {
    expect(notesWith(settings.flatMap((it) => ['--set', it]))).toContain(sentence);
  });
});
