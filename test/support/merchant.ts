import type { Merchant } from '../../src/receive/ports.ts';

/** A merchant whose callbacks are proved already: it needs no keys. */
export const provedMerchant: Merchant = {
  name: 'default',
  keys: { secrets: [], publicKeys: [] },
  timeZone: 'Asia/Manila',
  acknowledgements: {},
  isAllowedSource: () => true,
  mustConfirm: () => false,
  canConfirm: () => false,
};
