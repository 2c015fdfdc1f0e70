import { setTimeout as sleep } from 'node:timers/promises';
import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { merchantOf } from '../core/cloud-event.ts';
import { paymentLink } from '../observe/console-link.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
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
import type { ServiceContext } from './context.ts';
import { createMerchantClient } from './reconciler.ts';
import { observeClient } from './reconciliation.ts';
import type { Store } from './store.ts';
import type { OpenTracing } from './tracing.ts';

/** The event's merchant was removed from the configuration. The event waits until the merchant is back. */
class UnknownMerchantError extends Error {
  override readonly name = 'UnknownMerchantError';
}

type ConfirmationOptions = ServiceContext & {
  readonly merchants: MerchantDirectory;
  readonly store: Store;
  readonly ports: DeliverPorts;
  readonly tracing: OpenTracing;
};

type Deciding = ConfirmationOptions & { readonly pace: Pace; readonly signal: AbortSignal };

/** Applies `decide` to an event, with the client of its merchant, and logs unless PayCools confirmed it. */
const decideBy =
  (decide: (confirmation: Confirmation) => Promise<ConfirmationOutcome>, { pace, signal, ...options }: Deciding) =>
  async (event: AwaitingEvent, isLast: boolean): Promise<ConfirmationOutcome> => {
    const { settings, logger, metrics, merchants, ports } = options;
    const name = merchantOf(event);
    const merchant = merchants.find(name);
    const client = createMerchantClient(merchants.settingsOf(name), observeClient(metrics));
    if (merchant === undefined) throw new UnknownMerchantError(`${name} is no longer configured`);
    const provider = client === null ? NO_PROVIDER : createPaycoolsProvider({ client, pace, signal });
    const confirmed = await decide({ ports, provider, merchant, event, isLast: isLast || client === null });
    if (confirmed !== 'confirmed') {
      const link = paymentLink(settings.CONSOLE_URL, event.id);
      logger.warn({ merchant: name, eventId: event.id, confirmed, link }, 'confirmation');
    }
    return confirmed;
  };

/**
 * Confirms events with PayCools before they reach the merchant's workers, as CONFIRM requires. Events that already wait
 * are decided even if CONFIRM no longer requires it.
 */
export const openConfirmation = (stack: AsyncDisposableStack, options: ConfirmationOptions): void => {
  const { settings, logger, store, now } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const pace = createPace({
    requestsPerSecond: settings.RECONCILE_RATE,
    now,
    sleep: (ms) => sleep(ms, undefined, { signal }),
    signal,
  });
  const deciding = { ...options, pace, signal };
  stack.use(
    new ConfirmationQueue({
      redis: store.redis,
      reader: connectReader(settings.REDIS_URL, 'paycools-confirmation'),
      prefix: settings.QUEUE_PREFIX,
      timeoutMs: CONFIRMATION_TIMEOUT_MS,
      recheckMs: RECHECK_DELAY_MS,
      now,
      confirm: decideBy(confirmEvent, deciding),
      recheck: decideBy(recheck, deciding),
      onError: (err) => logger.debug({ err }, 'confirmation'),
      telemetry: options.tracing?.telemetry,
    }),
  );
  stack.defer(() => closing.abort(new Error('the service is stopping')));
};
