import { z } from 'zod';
import { parseJson } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { isTimeZone } from '../core/time.ts';
import { parseAddressList } from './address-list.ts';
import { apiVariables } from './api-variables.ts';
import { parsed, publicKey, secret, text, type VariableTable } from './variable.ts';

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Asia/Manila');

const parseAcknowledgement = (value: string): Result<string | null, string> => {
  if (value === '') return ok(null);
  return parseJson(value) === undefined
    ? fail('must be JSON, such as {"code":1,"msg":"success","data":{}}')
    : ok(value);
};

/** Settings of one merchant; each merchant in MERCHANTS_FILE has them under the same names. */
export const merchantVariables = {
  PAYCOOLS_CALLBACK_SECRET: secret({
    description: 'The callback secret (merchant key) that PayCools signs flat callbacks with.',
  }),
  PAYCOOLS_CALLBACK_SECRET_PREVIOUS: secret({
    description: 'The previous callback secret, accepted during a rotation.',
  }),
  PAYCOOLS_CALLBACK_PUBLIC_KEY: publicKey({
    description: "PayCools's public key for enveloped callbacks: RSA of at least 2048 bits, as PEM or bare base64.",
  }),
  PAYCOOLS_CALLBACK_PUBLIC_KEY_PREVIOUS: publicKey({
    description: 'The previous public key of PayCools, accepted during a rotation.',
  }),
  ...apiVariables,
  PAYCOOLS_TIME_ZONE: text(timeZone, {
    description: 'IANA time zone of the times that PayCools sends without an offset.',
    fallback: 'Asia/Manila',
  }),
  PAYCOOLS_ACKNOWLEDGEMENT: parsed(parseAcknowledgement, {
    description: 'JSON to reply to flat callbacks with, instead of the documented acknowledgement.',
    fallback: '',
  }),
  PAYCOOLS_ACKNOWLEDGEMENT_ENVELOPE: parsed(parseAcknowledgement, {
    description: 'JSON to reply to enveloped callbacks with, instead of the documented acknowledgement.',
    fallback: '',
  }),
  ALLOWED_IPS: parsed(parseAddressList, {
    description: 'Addresses and CIDR networks that may send callbacks, separated by commas; empty allows all.',
    fallback: '',
  }),
} as const satisfies VariableTable;
