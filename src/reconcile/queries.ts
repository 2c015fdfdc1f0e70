import type { CallOptions, PaycoolsClient } from '../client/index.ts';
import type { Subject } from '../core/event-id.ts';
import type { SubjectQuery } from './ports.ts';
import { type Row, refundRow, transactionRow } from './row.ts';

/** What a query needs beside its subject. */
type Asking = CallOptions & { readonly client: PaycoolsClient };

/** How subjects of a family are asked for, one by one. */
export type Query = {
  readonly kind: Subject['kind'];
  /**
   * What the query asks for: one transaction; the transaction of an order, which can have others (`order`) or no other
   * (`only-order`); or all of a list, among them the one that is wanted.
   */
  readonly by: 'transaction' | 'order' | 'only-order' | 'list';
  /** Whether money comes in with it, so that it is a row of the payment statement. */
  readonly isCollection: boolean;
  /** Whether what is known is enough to ask. */
  readonly isEnough: (wanted: SubjectQuery) => boolean;
  /** The rows among which the subject must be. Throws as the client does. */
  readonly ask: (asking: Asking, wanted: SubjectQuery) => Promise<readonly Row[]>;
};

/** A list of what was paid into a code or an account on one day: the longest span that is sure to work. */
type PaymentList = (
  asking: Asking,
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

const spanOf = ({ merchantOrderId, day }: Parameters<PaymentList>[1]) => ({
  mchOrderId: merchantOrderId,
  startDate: day,
  endDate: day,
});

/**
 * Families that list what was paid into a code or an account, by family.
 *
 * @see PAYCOOLS.md 8.1, "Payments list" (https://doc.paycools.com/Qrcode/GetQrcodePayments.html)
 */
export const paymentLists: ReadonlyMap<string, PaymentList> = new Map(
  Object.entries({
    'virtual-account': 'virtualAccount',
    'qr-code': 'qrCode',
    'bank-transfer': 'bankTransfer',
  } as const).map(([product, group]): [string, PaymentList] => [
    product,
    async ({ client, ...options }, order) =>
      listedRows(product, order.merchantOrderId, await client[group].payments(spanOf(order), options)),
  ]),
);

const payment = { kind: 'transaction', by: 'transaction', isCollection: true, isEnough: () => true } as const;
const byOrder = {
  ...payment,
  by: 'order',
  isEnough: ({ merchantOrderId }: SubjectQuery) => merchantOrderId !== null,
} as const;

const listQueries = Object.fromEntries(
  [...paymentLists].map(([product, list]): [string, Query] => [
    product,
    {
      ...payment,
      by: 'list',
      isEnough: ({ merchantOrderId, day }) => merchantOrderId !== null && day !== null,
      ask: (asking, { merchantOrderId, day }) =>
        list(asking, { merchantOrderId: merchantOrderId ?? '', day: day ?? '' }),
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
    isEnough: () => true,
    ask: async ({ client, ...options }, { subject }) => {
      const found = await client.refund.payments({ refundTransactionId: subject.id }, options);
      return found.map(refundRow);
    },
  },
  ...listQueries,
};

/**
 * How each family is asked; one that is not here cannot be.
 *
 * @see PAYCOOLS.md 8.3 to 8.10 and 10
 */
export const queries: ReadonlyMap<string, Query> = new Map(Object.entries(byFamily));
