import type { Merchant } from '../../src/receive/ports.ts';

/** A merchant without keys, for callbacks that have been verified already. */
export const provedMerchant: Merchant = {
  name: 'default',
  keys: { secrets: [], publicKeys: [] },
  timeZone: 'Asia/Manila',
  acknowledgements: {},
  isAllowedSource: () => true,
  mustConfirm: () => false,
  canConfirm: () => false,
};
