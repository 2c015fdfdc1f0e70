import { z } from 'zod';
import { isIdentifier } from '../../core/identifier.ts';

const limited = (max: number) => z.string().min(1).max(max);

/** The merchant's own order id. The receiver delivers every id that is accepted here. */
export const orderId = limited(32)
  .refine(isIdentifier, 'must be printable characters, not only spaces')
  .describe('Your own order id.');
/** The only parameter of many calls. */
export const byOrder = z.strictObject({ mchOrderId: orderId });
/** An id assigned by PayCools. */
export const paycoolsId = limited(64).describe('The id that PayCools assigned.');
/** Codes of channels are an open list (docs/paycools.md 11.6). */
export const channelCode = limited(100).describe('Payment channel, as PayCools names it.');
export const channelCodes = limited(1000).describe('One channel code, or several separated by commas.');
export const countryCode = z.string().length(2).default('PH').describe('ISO 3166 code of the country.');
export const appName = limited(100).describe('Name of your application. Default: the one given to the client.');
export const customerName = limited(128).describe('Name of the customer.');
export const email = z.string().min(1).max(50).describe('E-mail address of the customer.');
/** A mobile number in the form that web payments require. */
export const localMobile = z
  .string()
  .regex(/^09\d{9}$/, 'must be 09 and nine digits')
  .describe('Mobile number: 09 and nine digits.');
export const mobile = z.string().min(10).max(14).describe('Mobile number of the customer.');
export const remark = limited(255).describe('Free text, returned in callbacks.');
export const webAddress = (max: number) => z.url({ protocol: /^https?$/ }).max(max);
export const callbackUrl = webAddress(256).describe('Where the callback is sent.');
export const redirectUrl = webAddress(512).describe('Where the customer returns to.');
/** Integer centavos: PHP 500.10 is 50010. */
export const amount = (min: number, max: number) =>
  z.int().min(min).max(max).meta({ unit: 'centavos', description: 'PHP 500.10 is 50010.' });
export const MAX_AMOUNT = 999_999_999_999;

/** A calendar day, `yyyy-MM-dd`, in the zone of PayCools. */
export const day = z.iso.date().describe('A day in the time zone of PayCools.');

/** Parameters that 4.5, 5.3 and 6.3 share. */
export const paymentsQuery = {
  mchOrderId: orderId,
  startDate: day.describe('First day of the payments.'),
  endDate: day.describe('Last day of the payments.'),
};
