import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { dayOf } from '../core/day.ts';
import type { AskPaycools } from '../operate/ports.ts';
import { createPaycoolsProvider } from '../reconcile/paycools-provider.ts';
import { createMerchantClient, type ReconcilerParts } from './reconciler.ts';

/** Timeout of one question, retries included, in milliseconds. */
const TIMEOUT_MS = 20_000;

/** Asks PayCools about one payment now, with the API settings of its merchant. */
export const createAskPaycools =
  (merchants: MerchantDirectory, observe?: ReconcilerParts['observe']): AskPaycools =>
  async ({ key, product, merchantOrderId, at }) => {
    const client = createMerchantClient(merchants.settingsOf(key.merchant), observe);
    if (client === null) return { kind: 'not-configured' };
    const pace = (): Promise<void> => Promise.resolve(); // unlimited, because a person asks once
    const provider = createPaycoolsProvider({ client, pace, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const subject = { kind: key.kind, id: key.id };
    if (product === null || !provider.canAsk(product, subject)) return { kind: 'not-possible' };
    const day = dayOf(at, merchants.find(key.merchant)?.timeZone ?? 'UTC');
    const answer = await provider.ask(product, { subject, merchantOrderId, day });
    if (answer.kind === 'other-transaction') return { kind: 'unanswered' };
    if (answer.kind !== 'found') return { kind: answer.kind };
    const { status, rawStatus, amount, merchantOrderId: order, completedAt } = answer.row;
    return { kind: 'found', status, rawStatus, amount, merchantOrderId: order, completedAt };
  };
