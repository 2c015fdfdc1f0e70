import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';
import { MerchantDirectory } from '../../src/config/merchant-directory.ts';
import { dayOf } from '../../src/core/day.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { openReconciler } from '../../src/service/reconciler.ts';
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { openNamespace } from '../support/namespace.ts';
import { waitingEvents } from '../support/queues.ts';
import { SECRET } from '../support/service.ts';

const readFile = (path: string): string => readFileSync(path, 'utf8');

/** Opens a reconciler from the environment, as the command line does. */
const open = async (env: Record<string, string>) => {
  const settings = loadSettings({ env: { PAYCOOLS_CALLBACK_SECRET: SECRET, ...env }, readFile });
  if (!settings.ok) throw new Error(JSON.stringify(settings.error));
  const merchants = MerchantDirectory.open({ settings: settings.value, readFile });
  if (!merchants.ok) throw new Error(JSON.stringify(merchants.error));
  const registry = createRegistry(products);
  const parts = { settings: settings.value.service, merchants: merchants.value, registry, now: Date.now };
  const reconciler = disposeWithTest(await openReconciler(parts));
  return reconciler.reconcile;
};

const today = dayOf(Date.now(), 'Asia/Manila');
const window = { from: today, to: today };

it('a reconciler opened from the environment reconciles as the service does', async () => {
  const namespace = openNamespace();
  const sandbox = disposeWithTest(await sandboxWith());
  await clientOf(sandbox.url).payout.create(payoutOf(20_000));
  await sandbox.settled();
  const reconcile = await open({
    REDIS_URL: namespace.url,
    QUEUE_PREFIX: namespace.prefix,
    ...apiEnv(sandbox.url),
  });
  expect(await reconcile({ merchant: 'default', window })).toMatchObject({ emitted: 0, counts: { missing: 1 } });
  expect(await reconcile({ merchant: 'default', window, apply: true })).toMatchObject({ emitted: 1, findings: [] });
  expect(await waitingEvents(namespace, 'payout')).toHaveLength(1);
});

it('a reconciler without API settings names the ones that are needed', async () => {
  const { url, prefix } = openNamespace();
  const reconcile = await open({ REDIS_URL: url, QUEUE_PREFIX: prefix });
  await expect(reconcile({ merchant: 'default', window })).rejects.toThrow(/PAYCOOLS_PRIVATE_KEY are needed/);
  await expect(reconcile({ merchant: 'nobody', window })).rejects.toThrow('nobody cannot be reconciled');
});

it('a reconciler fails to open while Redis is unreachable', async () => {
  await expect(open({ REDIS_URL: 'redis://127.0.0.1:1' })).rejects.toThrow('ECONNREFUSED');
});
