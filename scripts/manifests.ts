// `npm run manifests`: renders docker/helm into docker/kubernetes, for clusters without Helm. Needs `helm`.
import { writeFileSync } from 'node:fs';
import { helmBinary, renderChart } from './helm.ts';

const HEADER =
  '# Rendered from docker/helm by `npm run manifests`; do not edit. docs/deployment.md explains how to use it.\n';

/** The helm arguments that render each file. */
export const manifestFiles: Readonly<Record<string, readonly string[]>> = {
  'docker/kubernetes/paycools.yaml': [],
  'docker/kubernetes/sandbox.yaml': [
    ...['--set', 'sandbox.enabled=true', '--set', 'worker.enabled=true'],
    ...['--show-only', 'templates/sandbox.yaml', '--show-only', 'templates/worker.yaml'],
  ],
  'docker/kubernetes/forwarder.yaml': [
    ...['--set', 'forwarder.enabled=true', '--set', 'forwarder.url=https://shop.example/paycools'],
    ...['--show-only', 'templates/forwarder.yaml'],
  ],
};

/** Renders the content of a file in docker/kubernetes. */
export const renderManifests = (helm: string, args: readonly string[]): string =>
  HEADER +
  renderChart(helm, args)
    .replaceAll(/^.*(managed-by|helm\.sh\/chart|# Source): .*\n/gm, '')
    .replaceAll(/ +$/gm, '');

if (import.meta.main) {
  const helm = helmBinary();
  if (helm === null) throw new Error('helm was not found: install it, or put it into .data/bin');
  for (const [path, args] of Object.entries(manifestFiles)) writeFileSync(path, renderManifests(helm, args));
}
