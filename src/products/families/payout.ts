import { defineProduct } from '../definition.ts';
import { documentedExample, paymentNotification } from '../payment.ts';

/**
 * Money sent to a bank account or a wallet. PayCools posts to the address that is set in its back office.
 *
 * @see docs/paycools.md 4.1 (https://doc.paycools.com/Disbursement/DisburseCallBackNotice.html)
 */
export const payout = defineProduct({
  product: 'payout',
  title: 'Payout',
  menu: '3.3',
  notifications: [
    paymentNotification({
      events: { 'disbursement.success': 'succeeded', 'disbursement.failed': 'failed' },
      examples: [
        documentedExample({
          amount: 312500,
          createTime: '2022-05-31 09:38:03',
          eventName: 'disbursement.success',
          mchOrderId: 'CQPL1653961082230623',
          remark: 'cash credit',
          returnTime: '2022-05-31 09:38:56',
          transactionId: 'D1032653961082864323',
          transactionStatus: 'COMPLETE',
        }),
        documentedExample({
          amount: 312500,
          createTime: '2022-05-31 09:37:20',
          eventName: 'disbursement.failed',
          failedCode: -10001,
          failedMessage: 'Transaction Exceed Limit',
          mchOrderId: 'CQPL1653961039756685',
          remark: 'cash credit',
          returnTime: '2022-05-31 09:38:15',
          transactionId: 'D1001653961040053795',
          transactionStatus: 'FAILED',
        }),
      ],
    }),
  ],
});
