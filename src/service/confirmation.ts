import { setTimeout as sleep } from 'node:timers/promises';
import { merchantOf } from '../core/cloud-event.ts';
import { paymentLink } from '../observe/console-link.ts';
import type { AwaitingEvent } from '../receive/understand.ts';
import {
  CONFIRMATION_TIMEOUT_MS,
  type Confirmation,
  type ConfirmationOutcome,
  confirmEvent,
  NO_PROVIDER,
  RECHECK_DELAY_MS,
  recheck,
} from '../reconcile/confirm.ts';
import { createPace } from '../reconcile/pace.ts';
import { createPaycoolsProvider } from '../reconcile/paycools-provider.ts';
import type { Pace } from '../reconcile/ports.ts';
import { connectReader } from '../redis/connection/connection.ts';
import { ConfirmationQueue } from '../redis/queue/confirmation-queue.ts';
import { clientOf } from './reconciler.ts';
import { observeClient, type ReconciliationOptions } from './reconciliation.ts';
import type { OpenTracing } from './tracing.ts';

/** The event waits for a merchant that was removed from the configuration: it stays until the merchant is back. */
class UnknownMerchantError extends Error {
  override readonly name = 'UnknownMerchantError';
}

type ConfirmationOptions = ReconciliationOptions & { readonly tracing: OpenTracing };

type Deciding = ConfirmationOptions & { readonly pace: Pace; readonly signal: AbortSignal };

/** Decides about an event with PayCools's word, as `decide` does, at the pace of the configuration. */
const decideBy =
  (decide: (confirmation: Confirmation) => Promise<ConfirmationOutcome>, { pace, signal, ...options }: Deciding) =>
  async (event: AwaitingEvent, isLast: boolean): Promise<ConfirmationOutcome> => {
    const { settings, logger, metrics, merchants, registry, store } = options;
    const ports = { registry, ledger: store.ledger, queue: store.queue, commit: store.commit };
    const name = merchantOf(event);
    const merchant = merchants.find(name);
    const client = clientOf(merchants.settingsOf(name), observeClient(metrics));
    if (merchant === undefined) throw new UnknownMerchantError(`${name} is no longer configured`);
    const provider = client === null ? NO_PROVIDER : createPaycoolsProvider({ client, pace, signal });
    const confirmed = await decide({ ports, provider, merchant, event, isLast: isLast || client === null });
    if (confirmed !== 'confirmed') {
      const link = paymentLink(settings.service.CONSOLE_URL, event.id);
      logger.warn({ merchant: name, eventId: event.id, confirmed, link }, 'confirmation');
    }
    return confirmed;
  };

/**
 * Asks PayCools back about events before they reach the merchant's workers, where CONFIRM says so. Events that wait since
 * a time when it did are decided too, even where it no longer does.
 */
export const openConfirmation = (stack: AsyncDisposableStack, options: ConfirmationOptions): void => {
  const { logger, store, now } = options;
  const { service } = options.settings;
  const closing = new AbortController();
  const { signal } = closing;
  const pace = createPace({
    requestsPerSecond: service.RECONCILE_RATE,
    now,
    sleep: (ms) => sleep(ms, undefined, { signal }),
    signal,
  });

  const deciding = { ...options, pace, signal };
  stack.use(
    new ConfirmationQueue({
      redis: store.redis,
      reader: connectReader(service.REDIS_URL, 'paycools-confirmation'),
      prefix: service.QUEUE_PREFIX,
      timeoutMs: CONFIRMATION_TIMEOUT_MS,
      recheckMs: RECHECK_DELAY_MS,
      now,
      confirm: decideBy(confirmEvent, deciding),
      recheck: decideBy(recheck, deciding),
      onError: (err) => logger.debug({ err }, 'confirmation'),
      telemetry: options.tracing?.telemetry,
    }),
  );
  stack.defer(() => closing.abort(new Error('the service stops')));
};
