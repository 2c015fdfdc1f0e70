import { apiEnv } from '../sandbox/support.ts';
import type { Namespace } from '../support/namespace.ts';
import { SECRET } from '../support/service.ts';

/** The environment of a command that reconciles with the PayCools at this address, practically without a rate limit. */
export const reconcileEnv = (
  { url, prefix }: Pick<Namespace, 'url' | 'prefix'>,
  baseUrl: string,
): Record<string, string> => ({
  PAYCOOLS_CALLBACK_SECRET: SECRET,
  REDIS_URL: url,
  QUEUE_PREFIX: prefix,
  ...apiEnv(baseUrl),
  RECONCILE_RATE: '1000',
});
