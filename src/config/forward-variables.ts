import { secret, type Variable } from './variable.ts';

/** What `paycools forward` reads in addition to REDIS_URL and QUEUE_PREFIX. */
export const forwardVariables = {
  FORWARD_SECRET: secret({
    description: 'The secret that `paycools forward` signs with, as Standard Webhooks writes it: whsec_ and base64.',
  }),
} as const satisfies Record<string, Variable<unknown>>;
