import { succeed } from '../reply.ts';
import type { Handlers } from './handler.ts';

/** PayCools publishes only the titles: these replies are guesses, and no callback is sent. */
export const ekyc: Handlers<'ekyc'> = {
  init: ({ userId = null, requestId = null }) =>
    succeed({ userId, requestId, status: 'PENDING', kycUrl: 'https://sandbox.invalid/kyc' }),
  result: ({ userId = null, requestId = null }) => succeed({ userId, requestId, status: 'APPROVED' }),
};
