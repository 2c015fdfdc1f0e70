import type { CallOptions, PaycoolsClient } from '../client/index.ts';
import type { Subject } from '../core/event-id.ts';
import type { SubjectQuery } from './ports.ts';
import { type Row, refundRow, transactionRow } from './row.ts';

type Call = CallOptions & { readonly client: PaycoolsClient };

/** How a family's subjects are queried one by one. */
export type Query = {
  readonly kind: Subject['kind'];
  /**
   * What identifies the subject: its transaction id; its order, which can have several transactions (`order`) or only
   * one (`only-order`); or a list that contains it.
   */
  readonly by: 'transaction' | 'order' | 'only-order' | 'list';
  /** Whether the family collects payments, so that its rows are in the payment statement. */
  readonly isCollection: boolean;
  /** Whether the target has the ids that the query needs. */
  readonly isAnswerable: (target: SubjectQuery) => boolean;
  /** The rows that may contain the subject. Throws as the client does. */
  readonly ask: (call: Call, target: SubjectQuery) => Promise<readonly Row[]>;
};

/** Lists the payments into a code or an account on one day, the longest span that always works. */
type PaymentList = (
  call: Call,
  order: { readonly merchantOrderId: string; readonly day: string },
) => Promise<readonly Row[]>;

type Listed = Awaited<ReturnType<PaycoolsClient['qrCode']['payments']>>;

const listedRows = (product: string, mchOrderId: string, listed: Listed): readonly Row[] =>
  listed.map((payment) =>
    transactionRow(product, {
      transactionId: payment.transactionId,
      mchOrderId,
      amount: payment.transactionAmount,
      transactionStatus: payment.transactionStatus,
      channelCode: payment.channelCode,
      createTime: payment.transactionCreateTime,
      returnTime: payment.transactionReturnTime,
      remark: payment.remark,
    }),
  );

const toSpan = ({ merchantOrderId, day }: Parameters<PaymentList>[1]) => ({
  mchOrderId: merchantOrderId,
  startDate: day,
  endDate: day,
});

/**
 * The payment lists of the families that have codes or accounts.
 *
 * @see docs/paycools.md 8.1, "Payments list" (https://doc.paycools.com/Qrcode/GetQrcodePayments.html)
 */
export const paymentLists: ReadonlyMap<string, PaymentList> = new Map(
  Object.entries({
    'virtual-account': 'virtualAccount',
    'qr-code': 'qrCode',
    'bank-transfer': 'bankTransfer',
  } as const).map(([product, group]): [string, PaymentList] => [
    product,
    async ({ client, ...options }, order) =>
      listedRows(product, order.merchantOrderId, await client[group].payments(toSpan(order), options)),
  ]),
);

const payment = { kind: 'transaction', by: 'transaction', isCollection: true, isAnswerable: () => true } as const;
const byOrder = {
  ...payment,
  by: 'order',
  isAnswerable: ({ merchantOrderId }: SubjectQuery) => merchantOrderId !== null,
} as const;

const listQueries = Object.fromEntries(
  [...paymentLists].map(([product, list]): [string, Query] => [
    product,
    {
      ...payment,
      by: 'list',
      isAnswerable: ({ merchantOrderId, day }) => merchantOrderId !== null && day !== null,
      ask: (call, { merchantOrderId, day }) => list(call, { merchantOrderId: merchantOrderId ?? '', day: day ?? '' }),
    },
  ]),
);

const byFamily: Readonly<Record<string, Query>> = {
  payout: {
    ...byOrder,
    by: 'only-order',
    isCollection: false,
    ask: async ({ client, ...options }, { merchantOrderId }) => [
      transactionRow('payout', await client.payout.status({ mchOrderId: merchantOrderId ?? '' }, options)),
    ],
  },
  'web-payment': {
    ...payment,
    ask: async ({ client, ...options }, { subject }) => [
      transactionRow('web-payment', await client.webPayment.status({ transactionId: subject.id }, options)),
    ],
  },
  checkout: {
    ...byOrder,
    ask: async ({ client, ...options }, { merchantOrderId }) => {
      const found = await client.checkout.get({ mchOrderId: merchantOrderId ?? '' }, options);
      const { transactionId } = found;
      return transactionId == null ? [] : [transactionRow('checkout', { ...found, transactionId })];
    },
  },
  'direct-debit': {
    ...payment,
    ask: async ({ client, ...options }, { subject }) => [
      transactionRow('direct-debit', await client.directDebit.paymentStatus({ transactionId: subject.id }, options)),
    ],
  },
  refund: {
    kind: 'refund',
    by: 'transaction',
    isCollection: false,
    isAnswerable: () => true,
    ask: async ({ client, ...options }, { subject }) => {
      const found = await client.refund.payments({ refundTransactionId: subject.id }, options);
      return found.map(refundRow);
    },
  },
  ...listQueries,
};

/**
 * The query of each family. PayCools cannot be asked about families without one.
 *
 * @see docs/paycools.md 8.3 to 8.10 and 10
 */
export const queries: ReadonlyMap<string, Query> = new Map(Object.entries(byFamily));
