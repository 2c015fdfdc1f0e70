import { z } from 'zod';
import { isIdentifier } from '../../core/identifier.ts';

const limited = (max: number) => z.string().min(1).max(max);

/** The merchant's own order id: what the receiver delivers, the client sends. */
export const orderId = limited(32).refine(isIdentifier, 'must be printable characters, not only blanks');
/** An id assigned by PayCools. */
export const paycoolsId = limited(64);
/** Codes of channels are an open list (PAYCOOLS.md 11.6). */
export const channelCode = limited(100);
export const channelCodes = limited(1000).describe('One channel code, or several with commas between them.');
export const appName = limited(100);
export const customerName = limited(128);
export const email = z.string().min(1).max(50);
/** A mobile number in the form that web payments require. */
export const localMobile = z.string().regex(/^09\d{9}$/, 'must be 09 and nine digits');
export const mobile = z.string().min(10).max(14);
export const remark = limited(255);
export const webAddress = (max: number) => z.url({ protocol: /^https?$/ }).max(max);
/** Integer centavos: PHP 500.10 is 50010. */
export const amount = (min: number, max: number) => z.int().min(min).max(max).meta({ unit: 'centavos' });
export const MAX_AMOUNT = 999_999_999_999;

/** A calendar day, `yyyy-MM-dd`, in the zone of PayCools. */
export const day = z.iso.date();

/** The payments of a collection channel are queried by a span of days. */
export const paymentsQuery = {
  mchOrderId: orderId,
  startDate: day,
  endDate: day,
};
