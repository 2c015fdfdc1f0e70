import { setTimeout as sleep } from 'node:timers/promises';
import { merchantOf } from '../core/cloud-event.ts';
import type { PaymentEvent } from '../core/event.ts';
import { type Confirmed, confirmEvent, recheck } from '../reconcile/confirm.ts';
import { createPace } from '../reconcile/pace.ts';
import { createPaycoolsProvider } from '../reconcile/paycools-provider.ts';
import type { Provider } from '../reconcile/ports.ts';
import { connectReader } from '../redis/connection/connection.ts';
import { ConfirmationQueue } from '../redis/queue/confirmation-queue.ts';
import { clientOf } from './reconciler.ts';
import { observeClient, type ReconciliationOptions } from './reconciliation.ts';
import type { OpenTracing } from './tracing.ts';

const TIMEOUT_MS = 60_000;
const RECHECK_MS = 60 * 60 * 1000;

/** The event waits for a merchant that was taken out of the configuration: it stays until the merchant is back. */
class UnknownMerchantError extends Error {
  override readonly name = 'UnknownMerchantError';
}

/** Where the configuration does not say how to call PayCools, its answer does not come. */
const NO_PROVIDER: Pick<Provider, 'ask'> = { ask: async () => ({ kind: 'unanswered' }) };

/**
 * Asks PayCools back about events before they reach the merchant's workers, where a merchant wants it. What waits from a
 * time when a merchant wanted it is settled too, also where it does not any more.
 */
export const openConfirmation = (
  stack: AsyncDisposableStack,
  options: ReconciliationOptions & { readonly tracing: OpenTracing },
): void => {
  const { settings, logger, metrics, merchants, store, now } = options;
  const { service } = settings;
  const closing = new AbortController();
  const { signal } = closing;
  const pace = createPace({
    requestsPerSecond: service.RECONCILE_RATE,
    now,
    sleep: (ms) => sleep(ms, undefined, { signal }),
    signal,
  });

  const settleBy =
    (settle: typeof confirmEvent) =>
    async (event: PaymentEvent, isLast: boolean): Promise<Confirmed> => {
      const name = merchantOf(event);
      const merchant = merchants.find(name);
      const client = clientOf(merchants.settingsOf(name), observeClient(metrics));
      if (merchant === undefined) throw new UnknownMerchantError(`${name} is not configured any more`);
      const provider = client === null ? NO_PROVIDER : createPaycoolsProvider({ client, pace, signal });
      const confirmed = await settle({ ports: store, provider, merchant, event, isLast: isLast || client === null });
      if (confirmed !== 'confirmed') logger.warn({ merchant: name, eventId: event.id, confirmed }, 'confirmation');
      return confirmed;
    };

  stack.use(
    new ConfirmationQueue({
      redis: store.redis,
      reader: connectReader(service.REDIS_URL, 'paycools-confirmation'),
      prefix: service.QUEUE_PREFIX,
      timeoutMs: TIMEOUT_MS,
      recheckMs: RECHECK_MS,
      now,
      confirm: settleBy(confirmEvent),
      recheck: settleBy(recheck),
      onError: (err) => logger.debug({ err }, 'confirmation'),
      telemetry: options.tracing?.telemetry,
    }),
  );
  stack.defer(() => closing.abort(new Error('the service stops')));
};
