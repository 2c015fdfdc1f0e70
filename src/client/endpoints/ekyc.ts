import { z } from 'zod';
import { defineEndpoint, envelopeCall } from './definition.ts';
import { undocumented } from './reply-fields.ts';

/** PayCools publishes only the titles, so parameters and replies are passed through unchanged. */
const shared = {
  ...envelopeCall,
  pathStatus: 'unconfirmed',
  source: 'https://docs.paycools.com.ph',
  request: z.record(z.string(), z.json()),
  reply: () => undocumented,
} as const;

/** Menu 11. https://docs.paycools.com.ph */
export const ekyc = {
  init: defineEndpoint({ ...shared, menu: '11.1', title: 'Ekyc Init', path: '/api/v2/ekyc/init', effect: 'create' }),
  result: defineEndpoint({
    ...shared,
    menu: '11.2',
    title: 'Ekyc Check Result',
    path: '/api/v2/ekyc/query',
    effect: 'read',
  }),
};
