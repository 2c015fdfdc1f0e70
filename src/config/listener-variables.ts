import { z } from 'zod';
import { fail, ok, type Result } from '../core/result.ts';
import { type AddressList, parseAddressList } from './address-list.ts';
import { integer, operators, parsed, secret, text, type Variable } from './variable.ts';

const host = z.string().regex(/^[\w.:-]+$/, 'must be a host name or an address');

const MAX_HOPS = 10;

/** Whose `X-Forwarded-For` is believed: nobody's, that of N hops, or that of the proxies in a list. */
export type TrustProxy = false | number | AddressList;

const parseTrustProxy = (value: string): Result<TrustProxy, string> => {
  if (value === '' || value === 'false' || value === '0') return ok(false);
  if (value === 'true') return ok(1); // only what the peer itself added: anyone can write the rest of the header
  if (/^\d+$/.test(value))
    return Number(value) <= MAX_HOPS ? ok(Number(value)) : fail(`must be at most ${MAX_HOPS} hops`);
  const list = parseAddressList(value);
  return list.ok ? ok(list.value ?? false) : list;
};

/** Where the service listens, and whom it serves. */
export const listenerVariables = {
  HOST: text(host, { description: 'Address of the public listener.', fallback: '0.0.0.0' }),
  PORT: integer({
    description: 'Port of the public listener; 0 takes a free one.',
    fallback: '8080',
    min: 0,
    max: 65_535,
  }),
  TRUST_PROXY: parsed(parseTrustProxy, {
    description:
      'Whose X-Forwarded-For is believed: empty for nobody, a number of hops, or addresses and CIDR networks of the proxies.',
    fallback: '',
  }),
  BODY_LIMIT: integer({
    description: 'Largest body that is accepted, in bytes.',
    fallback: '65536',
    min: 1024,
    max: 16_777_216,
  }),
  MAX_CONNECTIONS: integer({
    description:
      'Most connections to the public listener. When they are used up, idle ones that never carried a genuine callback are closed first.',
    fallback: '2000',
    min: 10,
    max: 1_000_000,
  }),
  KEEP_ALIVE_TIMEOUT_MS: integer({
    description:
      'How long an idle connection stays open, in milliseconds; longer than your load balancer keeps it, or that one sends into a closed connection.',
    fallback: '620000',
    min: 1000,
    max: 86_400_000,
  }),
  OPS_HOST: text(host, { description: 'Address of the operations listener.', fallback: '127.0.0.1' }),
  OPS_PORT: integer({
    description: 'Port of the operations listener; 0 takes a free one.',
    fallback: '8081',
    min: 0,
    max: 65_535,
  }),
  OPS_TOKEN: secret({
    description:
      'Token for the console (bearer token or login), at least 16 characters (openssl rand -hex 32). Without it the console is open on loopback and closed elsewhere.',
    minLength: 16,
  }),
  OPS_OPERATORS: operators({
    description:
      'Operators of the console with a token each, so that the audit names people: name:token,name:token, at least 16 characters a token. OPS_TOKEN works beside it.',
  }),
  CONSOLE_URL: text(
    z
      .string()
      .refine((value) => value === '' || /^https?:\/\/[^\s?#]+$/.test(value), { error: 'must be an http or https URL' })
      .transform((value) => value.replace(/\/+$/, '')),
    {
      description:
        'Where people reach the console, such as https://ops.example.com/console: log lines then link to the page of their payment.',
      fallback: '',
    },
  ),
} as const satisfies Record<string, Variable<unknown>>;
