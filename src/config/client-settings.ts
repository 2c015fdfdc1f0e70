import { z } from 'zod';
import { isTimeZone } from '../core/time.ts';
import type { ValuesOf } from './environment.ts';
import { secret, text, type Variable } from './variable.ts';

/** What asking PayCools back needs. The command line reads it; see docs/client.md. */
export const clientVariables = {
  PAYCOOLS_BASE_URL: text(z.string(), {
    description:
      'Address of the PayCools API, such as https://api-uat.paycools.com; that of production is told by PayCools.',
    fallback: '',
  }),
  PAYCOOLS_APP_ID: text(z.string(), {
    description: 'appId of the PayCools back office, for calls to PayCools.',
    fallback: '',
  }),
  PAYCOOLS_APP_NAME: text(z.string(), {
    description: 'Name of the application, for the calls that want one.',
    fallback: '',
  }),
  PAYCOOLS_PRIVATE_KEY: secret({
    description: "The merchant's RSA private key that signs calls to PayCools: PKCS#8 as PEM, or bare base64.",
  }),
  PAYCOOLS_TIME_ZONE: text(z.string().refine(isTimeZone, 'must be an IANA time zone such as Asia/Manila'), {
    description: 'Zone of the times that PayCools sends without an offset.',
    fallback: 'Asia/Manila',
  }),
} as const satisfies Record<string, Variable<unknown>>;

export type ClientSettings = ValuesOf<typeof clientVariables>;
