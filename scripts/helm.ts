import { spawnSync } from 'node:child_process';

/** The Kubernetes version for which the chart is rendered. */
const KUBERNETES = '1.33.0';

/** The installed `helm`, or the one that .ci/run puts into .data/bin; null if there is neither. */
export const helmBinary = (): string | null =>
  ['helm', '.data/bin/helm'].find((path) => spawnSync(path, ['version']).status === 0) ?? null;

/**
 * Runs helm and returns its output.
 *
 * @throws Error with helm's message if it fails
 */
export const runHelm = (helm: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

/** Renders the chart as the release `paycools`. */
export const renderChart = (helm: string, args: readonly string[]): string =>
  runHelm(helm, ['template', 'paycools', 'docker/helm', '--kube-version', KUBERNETES, ...args]);
