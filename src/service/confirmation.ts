import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentEvent } from '../core/event.ts';
import { type Confirmed, confirmEvent, lookSecondTime } from '../reconcile/confirm.ts';
import { NoApiError } from '../reconcile/errors/no-api-error.ts';
import { createPace } from '../reconcile/pace.ts';
import { createPaycoolsProvider } from '../reconcile/paycools-provider.ts';
import { ConfirmationQueue } from '../redis/confirmation-queue.ts';
import { connectReader } from '../redis/connection.ts';
import { clientOf } from './reconciler.ts';
import { observeClient, type ReconciliationOptions } from './reconciliation.ts';

const TIMEOUT_MS = 60_000;
const SECOND_LOOK_MS = 60 * 60 * 1000;
const SOURCE = 'urn:paycools:';

/** Asks PayCools back about events before they reach the merchant's workers, where a merchant wants it. */
export const openConfirmation = (stack: AsyncDisposableStack, options: ReconciliationOptions): void => {
  const { settings, logger, metrics, merchants, store, now } = options;
  const { service } = settings;
  const mayBeWanted = service.MERCHANTS_FILE !== '' || settings.merchant?.CONFIRM.kind !== 'off';
  if (!mayBeWanted) return;
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
      const name = event.source.slice(SOURCE.length);
      const merchant = merchants.find(name);
      const client = clientOf(merchants.settingsOf(name), observeClient(metrics));
      if (merchant === undefined || client === null) throw new NoApiError(name);
      const provider = createPaycoolsProvider({ client, pace, signal });
      const confirmed = await settle({ ports: store, provider, merchant, event, isLast });
      if (confirmed !== 'confirmed') logger.warn({ merchant: name, eventId: event.id, confirmed }, 'confirmation');
      return confirmed;
    };

  stack.use(
    new ConfirmationQueue({
      redis: store.redis,
      reader: connectReader(service.REDIS_URL, 'paycools-confirmation'),
      prefix: service.QUEUE_PREFIX,
      timeoutMs: TIMEOUT_MS,
      secondLookMs: SECOND_LOOK_MS,
      now,
      confirm: settleBy(confirmEvent),
      lookSecondTime: settleBy(lookSecondTime),
      onError: (err) => logger.debug({ err }, 'confirmation'),
    }),
  );
  stack.defer(() => closing.abort(new Error('the service stops')));
};
