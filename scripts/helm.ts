import { spawnSync } from 'node:child_process';

/** The version of Kubernetes that the chart is rendered for. */
const KUBERNETES = '1.33.0';

/** The installed `helm`, or the one in .data/bin, where .ci/run puts it; null where there is neither. */
export const helmBinary = (): string | null =>
  ['helm', '.data/bin/helm'].find((path) => spawnSync(path, ['version']).status === 0) ?? null;

/**
 * Runs helm.
 *
 * @returns what it prints
 * @throws Error with its message where it fails
 */
export const runHelm = (helm: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

/** The chart as the release `paycools`. */
export const renderChart = (helm: string, args: readonly string[]): string =>
  runHelm(helm, ['template', 'paycools', 'docker/helm', '--kube-version', KUBERNETES, ...args]);
