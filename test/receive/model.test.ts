import { describe, it } from 'vitest';
import { openNamespace } from '../support/namespace.ts';
import { useCluster } from '../support/shared-cluster.ts';
import { checkOnce, checkTruth } from './model.ts';

const TIMEOUT_MS = 600_000;

describe('callbacks of one transaction', { timeout: TIMEOUT_MS }, () => {
  it('leave workers with the truth, whatever the order and the way of arrival', () => checkTruth(openNamespace));

  it('are put on their queue once for each fact, however many arrive at once', () => checkOnce(openNamespace));
});

describe('callbacks of one transaction, in a cluster', { timeout: TIMEOUT_MS }, () => {
  const { open } = useCluster();

  it('leave workers with the truth, whatever the order and the way of arrival', () => checkTruth(open));

  it('are put on their queue once for each fact, however many arrive at once', () => checkOnce(open));
});
