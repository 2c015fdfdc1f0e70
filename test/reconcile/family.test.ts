import { describe, expect, it } from 'vitest';
import { decideFamily } from '../../src/reconcile/family.ts';
import { entryOf, registry, rowOf } from './support.ts';

const familyByChannel = (channelCode: string | null) => decideFamily(registry, rowOf({ channelCode }), null);

describe('the family of a row', () => {
  it.each([
    ['GCASH_STATIC_VA', 'virtual-account'],
    ['7ELEVEN_STATIC_VA', 'virtual-account'],
    ['CEBUANA_VA', 'virtual-account'],
    ['QRPH_STATIC_QR', 'qr-code'],
    ['QRPH_DYNAMIC_QR', 'qr-code'],
    ['QRPH_HYBRID_QR', 'qr-code'],
    ['GCASH_CPM', 'qr-code'],
    ['INSTA_TRANSFER_ACC', 'bank-transfer'],
    ['PAYMAYA_URL', 'web-payment'],
    ['VISA_CARD_URL', 'web-payment'],
    ['PH_GCASH_URL', 'checkout'],
    ['PH_GCASH_DIRECT_DEBIT', 'direct-debit'],
    ['JTWALLET_DIRECT_DEBIT', 'direct-debit'],
  ])('of the channel %s is %s', (channelCode, product) => {
    expect(familyByChannel(channelCode)).toEqual({ kind: 'known', product });
  });

  it('is open when two families have the channel', () => {
    expect(familyByChannel('GCASH_URL')).toEqual({ kind: 'open', candidates: ['web-payment', 'checkout'] });
  });

  it.each(['PH_INSTAPAY', 'SOMETHING_NEW', null])('is open for all families when the channel is %s', (channelCode) => {
    expect(familyByChannel(channelCode)).toEqual({ kind: 'open', candidates: [] });
  });

  it('is that of the call that returned the row', () => {
    expect(decideFamily(registry, { product: 'payout', channelCode: null }, null)).toEqual({
      kind: 'known',
      product: 'payout',
    });
  });

  it('is the one in the ledger, before anything else', () => {
    const entry = entryOf([{ status: 'succeeded' }], 'checkout');
    expect(decideFamily(registry, rowOf({ channelCode: 'QRPH_DYNAMIC_QR' }), entry)).toEqual({
      kind: 'known',
      product: 'checkout',
    });
  });
});
