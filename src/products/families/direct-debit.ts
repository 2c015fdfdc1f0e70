import { z } from 'zod';
import type { Status } from '../../core/event.ts';
import { opaqueId } from '../../core/event-id.ts';
import { textOrNull } from '../../core/json.ts';
import { defineProduct, type Facts, type Notification, type ReadContext, reader } from '../definition.ts';
import { anything, code, identifier, lenient, statusText, timeText } from '../fields.ts';
import { detailText, documentedExample, paymentNotification, readTime, syntheticExample } from '../payment.ts';
import type { StatusRules } from '../statuses.ts';

const fields = z.looseObject({
  userId: identifier,
  channelCode: identifier,
  requestId: lenient(identifier),
  countryCode: lenient(code),
  paytoken: lenient(identifier),
  tokenStatus: anything,
  expiresTime: lenient(timeText),
  inactiveTime: lenient(timeText),
  inactiveType: lenient(code),
});

/**
 * The event name decides; a token that is not active contradicts an activation.
 *
 * @see docs/paycools.md 11.5 (https://jtdoc.paycools.com/DirectDebit/TokenQuery.html)
 */
const tokenStatusRules: StatusRules = {
  statusByWord: new Map<string, Status>([
    ['ACTIVED', 'activated'],
    ['ACTIVE', 'activated'],
    ['ACTIVATED', 'activated'],
    ['INACTIVED', 'cancelled'],
    ['INACTIVE', 'cancelled'],
    ['INACTIVATED', 'cancelled'],
  ]),
  decidedBy: 'name',
  otherwise: null,
};

/** The token is a credential, so keys and subjects contain a hash of it instead. */
const identityOf = ({ paytoken, userId, channelCode, requestId = '' }: z.infer<typeof fields>): string =>
  opaqueId(paytoken ?? JSON.stringify([userId, channelCode, requestId]));

const toFacts = (read: z.infer<typeof fields>, context: ReadContext): Facts => ({
  subject: { kind: 'authorization', id: identityOf(read) },
  subjectText: read.requestId ?? read.userId,
  rawStatus: statusText(read.tokenStatus),
  merchantOrderId: null,
  transactionId: null,
  amount: null,
  channelCode: read.channelCode,
  createdAt: null,
  completedAt: readTime(read.inactiveTime, context),
  failure: null,
  remark: null,
  details: {
    userId: read.userId,
    requestId: read.requestId ?? null,
    countryCode: read.countryCode ?? null,
    token: read.paytoken ?? null,
    tokenStatus: textOrNull(read.tokenStatus),
    expiresAt: readTime(read.expiresTime, context),
    inactiveAt: readTime(read.inactiveTime, context),
    inactiveType: read.inactiveType ?? null,
  },
});

const authorized = {
  channelCode: 'PH_GCASH_DIRECT_DEBIT',
  countryCode: 'PH',
  eventName: 'token.create.success',
  expiresTime: '2034-09-18 18:10:35',
  paytoken: 'TK1U2ODY9EPKRSOSU9',
  requestId: 'Joeyi2qzl5pv1a4wpxxxv100',
  tokenStatus: 'ACTIVED',
  userId: 'u00012',
};
const { paytoken: _token, tokenStatus: _status, expiresTime: _expiry, ...requested } = authorized;

/** What only authorizations have. */
export const authorizationDetails = z.object({
  userId: z.string().describe("The merchant's id of the customer."),
  requestId: detailText("The merchant's request for the authorization."),
  countryCode: detailText('PH.'),
  token: detailText('The token for debits. A credential: never log it.'),
  tokenStatus: detailText('As received.'),
  expiresAt: z.iso.datetime({ precision: 3 }).nullable().describe('When the token expires. UTC.'),
  inactiveAt: z.iso.datetime({ precision: 3 }).nullable().describe('When the authorization ended. UTC.'),
  inactiveType: detailText('MCH_CANCEL, USER_CANCEL, PLATFORM_CANCEL or EXPIRED.'),
});

/**
 * A customer allows the merchant to debit a wallet. It has no transaction and no amount, and its event name states the
 * status.
 *
 * @see docs/paycools.md 4.9 (https://docs.paycools.com/en/v2/DirectDebit/Notification.html)
 */
const authorization: Notification = {
  name: 'authorization',
  events: {
    'token.create.success': 'activated',
    'token.create.failed': 'failed',
    'token.cancel.success': 'cancelled',
  },
  statusRules: tokenStatusRules,
  statuses: ['activated', 'failed', 'cancelled'] satisfies readonly Status[],
  read: reader(fields, toFacts),
  details: authorizationDetails,
  examples: [
    documentedExample(authorized),
    syntheticExample({ ...requested, eventName: 'token.create.failed' }),
    syntheticExample({
      ...authorized,
      eventName: 'token.cancel.success',
      tokenStatus: 'INACTIVED',
      inactiveTime: '2024-09-20 10:00:00',
      inactiveType: 'USER_CANCEL',
    }),
  ],
};

const debited = {
  eventName: 'directdebit.payment.success',
  mchOrderId: 'DD20240101120000',
  transactionId: 'TXN20240101120000123456',
  amount: 10000,
  transactionStatus: 'COMPLETE',
  createTime: '2024-01-01 12:00:00',
  returnTime: '2024-01-01 12:01:30',
  channelCode: 'JTWALLET_DIRECT_DEBIT',
  remark: 'Monthly subscription payment',
};

/**
 * Authorizations, and the payments debited under them.
 *
 * @see docs/paycools.md 4.10 (https://jtdoc.paycools.com/DirectDebit/PayNotification.html)
 */
export const directDebit = defineProduct({
  product: 'direct-debit',
  title: 'Direct debit',
  menu: '10.4, 10.7',
  channels: [/_DIRECT_DEBIT$/],
  notifications: [
    authorization,
    paymentNotification({
      name: 'payment',
      events: { 'directdebit.payment.success': 'succeeded', 'directdebit.payment.failed': 'failed' },
      examples: [
        documentedExample(debited),
        documentedExample({
          ...debited,
          eventName: 'directdebit.payment.failed',
          transactionStatus: 'FAILED',
          failedCode: -10000,
          failedMessage: 'Transaction Service Error',
        }),
      ],
    }),
  ],
});
