import { z } from 'zod';
import { defineProduct, reader } from '../definition.ts';
import { centavos, lenient } from '../fields.ts';
import {
  detailAmount,
  documentedExample,
  optionalAmount,
  paymentFacts,
  paymentNotification,
  paymentShape,
} from '../payment.ts';

const fields = z.looseObject({
  ...paymentShape,
  fee: lenient(centavos),
  totalAmount: lenient(centavos),
  businessType: lenient(z.union([z.number(), z.string()])),
});

const paid = {
  eventName: 'qrcode.payment.success',
  amount: 503700,
  channelCode: 'QRPH_STATIC_QR',
  mchOrderId: 'CCVA1653350151938813',
  createTime: '2022-05-31 09:38:06',
  remark: 'qrcode payment',
  returnTime: '2022-05-31 09:38:06',
  transactionId: 'C1032653961085706055',
  transactionStatus: 'COMPLETE',
};

/** What only QR codes have. */
export const qrCodeDetails = z.object({
  fee: detailAmount('Only sent to one merchant.'),
  totalAmount: detailAmount('Only sent to one merchant.'),
  businessType: z.union([z.number(), z.string()]).nullable().describe('Only sent to one merchant.'),
});

/**
 * A customer scans the merchant's QR code, or shows one to the merchant (CPM). A static code takes many payments and
 * reports only successes.
 *
 * @see docs/paycools.md 4.4 (https://doc.paycools.com/Qrcode/QrcodeCallback.html, https://doc-dev.paycools.com/Cpm/CpmCallback.html)
 */
export const qrCode = defineProduct({
  product: 'qr-code',
  title: 'QR code',
  menu: '5.5',
  channels: [/^QRPH_\w+_QR$/, /_CPM$/],
  successOnly: [/_STATIC_QR$/],
  notifications: [
    paymentNotification({
      events: {
        'qrcode.payment.success': 'succeeded',
        'qrcode.payment.failed': 'failed',
        'cpm.payment.success': 'succeeded',
        'cpm.payment.failed': 'failed',
      },
      read: reader(fields, (read, context) =>
        paymentFacts(read, context, {
          fee: optionalAmount(read.fee, read),
          totalAmount: optionalAmount(read.totalAmount, read),
          businessType: read.businessType ?? null,
        }),
      ),
      details: qrCodeDetails,
      examples: [
        documentedExample(paid),
        documentedExample({ ...paid, eventName: 'qrcode.payment.failed', transactionStatus: 'FAILED' }),
      ],
    }),
  ],
});
