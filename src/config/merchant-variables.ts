import { z } from 'zod';
import { parseJson } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { isTimeZone } from '../core/time.ts';
import { parseAddressList } from './address-list.ts';
import { apiVariables } from './api-variables.ts';
import { parsed, publicKey, secret, text, type Variable } from './variable.ts';

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Asia/Manila');

const parseAcknowledgement = (value: string): Result<string | null, string> => {
  if (value === '') return ok(null);
  return parseJson(value) === undefined
    ? fail('must be JSON, such as {"code":1,"msg":"success","data":{}}')
    : ok(value);
};

/** Settings of one merchant. MERCHANTS_FILE uses the same names for each of several. */
export const merchantVariables = {
  PAYCOOLS_CALLBACK_SECRET: secret({
    description: 'The callback secret (merchant key) that PayCools signs flat callbacks with.',
  }),
  PAYCOOLS_CALLBACK_SECRET_PREVIOUS: secret({
    description: 'The previous secret: still accepted while the secret is being changed.',
  }),
  PAYCOOLS_CALLBACK_PUBLIC_KEY: publicKey({
    description: 'The public key of PayCools for enveloped callbacks: PEM, or bare base64; RSA of 2048 bits or more.',
  }),
  PAYCOOLS_CALLBACK_PUBLIC_KEY_PREVIOUS: publicKey({
    description: 'The previous public key: still accepted while the key is being changed.',
  }),
  ...apiVariables,
  PAYCOOLS_TIME_ZONE: text(timeZone, {
    description: 'Zone of the times that PayCools sends without an offset.',
    fallback: 'Asia/Manila',
  }),
  PAYCOOLS_ACKNOWLEDGEMENT: parsed(parseAcknowledgement, {
    description: 'JSON that replaces the documented reply to flat callbacks.',
    fallback: '',
  }),
  PAYCOOLS_ACKNOWLEDGEMENT_ENVELOPE: parsed(parseAcknowledgement, {
    description: 'JSON that replaces the documented reply to enveloped callbacks.',
    fallback: '',
  }),
  ALLOWED_IPS: parsed(parseAddressList, {
    description: 'Addresses and CIDR networks that callbacks may come from, separated by commas; empty allows all.',
    fallback: '',
  }),
} as const satisfies Record<string, Variable<unknown>>;
