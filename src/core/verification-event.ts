import { z } from 'zod';
import { envelopeSchema, utc } from './event.ts';
import { amountSchema } from './money.ts';

/** The schema of a question on the queue `{payment-verification}`. */
export const verificationEventSchema = envelopeSchema(
  z.literal('com.paycools.payment-verification.requested'),
  'urn:paycools-webhooks:payment-verification:1',
  z.object({
    product: z.string(),
    merchantOrderId: z.string(),
    referenceNumber: z.string(),
    amount: amountSchema,
    mobile: z.string().nullable(),
    createdAt: utc.nullable(),
    answerBy: utc,
    raw: z.record(z.string(), z.json()),
  }),
);
