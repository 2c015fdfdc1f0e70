import { DEFAULT_TIME_ZONE } from '../core/time.ts';
import { trustStoredBody } from '../verify/verify.ts';
import type { DeliverPorts } from './deliver.ts';
import type { Deadline, Merchant, Merchants, SpooledCallback } from './ports.ts';
import { storeCallback } from './store.ts';

export type RestorePorts = DeliverPorts & {
  readonly merchants: Merchants;
  readonly deadline: Deadline;
};

/** Stands for a merchant that is no longer configured: callbacks already acknowledged for it must still be stored. */
const formerMerchant = (name: string): Merchant => ({
  name,
  keys: { secrets: [], publicKeys: [] },
  timeZone: DEFAULT_TIME_ZONE,
  acknowledgements: {},
  isAllowedSource: () => false,
  mustConfirm: () => false,
  canConfirm: () => false,
});

/** The merchant of a spooled callback, even if it is no longer configured. */
export const merchantFor = (merchants: Merchants, name: string): Merchant =>
  merchants.find(name) ?? formerMerchant(name);

/**
 * Stores a callback from the spool as it would have been stored when it was received.
 *
 * @throws whatever the ports throw; the callback then remains in the spool
 */
export const restore = async (ports: RestorePorts, callback: SpooledCallback): Promise<void> => {
  const proof = trustStoredBody(callback.body);
  if (!proof.ok) throw new Error('the body of a spooled callback cannot be read');
  const merchant = merchantFor(ports.merchants, callback.merchant);
  await ports.deadline.within(storeCallback(ports, { callback, merchant, proof: proof.value }));
};
