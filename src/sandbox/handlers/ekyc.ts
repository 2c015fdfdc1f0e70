import { succeed } from '../answer.ts';
import type { Handlers } from './handler.ts';

/** PayCools publishes nothing but titles: what comes in is given back, with a guess at the rest. No callback is sent. */
export const ekyc: Handlers<'ekyc'> = {
  init: ({ userId = null, requestId = null }) =>
    succeed({ userId, requestId, status: 'PENDING', kycUrl: 'https://sandbox.invalid/kyc' }),
  result: ({ userId = null, requestId = null }) => succeed({ userId, requestId, status: 'APPROVED' }),
};
