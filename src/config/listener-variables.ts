import { z } from 'zod';
import { fail, ok, type Result } from '../core/result.ts';
import { type AddressList, parseAddressList } from './address-list.ts';
import { integer, operators, parsed, secret, text, type VariableTable } from './variable.ts';

const host = z.string().regex(/^[\w.:-]+$/, 'must be a host name or an address');

const MAX_HOPS = 10;

/** Whose `X-Forwarded-For` is trusted: nobody's, that of N hops, or that of the listed proxies. */
export type TrustProxy = false | number | AddressList;

const parseTrustProxy = (value: string): Result<TrustProxy, string> => {
  if (value === '' || value === 'false' || value === '0') return ok(false);
  if (value === 'true') return ok(1); // only the entry that the peer added: anyone can forge the rest of the header
  if (/^\d+$/.test(value))
    return Number(value) <= MAX_HOPS ? ok(Number(value)) : fail(`must be at most ${MAX_HOPS} hops`);
  const list = parseAddressList(value);
  return list.ok ? ok(list.value ?? false) : list;
};

/** Settings of the console and the two listeners. */
export const listenerVariables = {
  HOST: text(host, { description: 'Address of the public listener.', fallback: '0.0.0.0' }),
  PORT: integer({
    description: 'Port of the public listener; 0 picks a free one.',
    fallback: '8080',
    min: 0,
    max: 65_535,
  }),
  TRUST_PROXY: parsed(parseTrustProxy, {
    description:
      'Whose X-Forwarded-For is trusted: empty for nobody, a number of proxy hops, or the addresses and CIDR networks of the proxies.',
    fallback: '',
  }),
  BODY_LIMIT: integer({
    description: 'Maximum size of a request body, in bytes.',
    fallback: '65536',
    min: 1024,
    max: 16_777_216,
  }),
  MAX_CONNECTIONS: integer({
    description:
      'Maximum number of connections to the public listener. At the limit, idle connections that never carried a genuine callback are closed first.',
    fallback: '2000',
    min: 10,
    max: 1_000_000,
  }),
  KEEP_ALIVE_TIMEOUT_MS: integer({
    description:
      'How long an idle connection is kept open, in milliseconds. It must be longer than the idle timeout of your load balancer, which would otherwise send requests on closed connections.',
    fallback: '620000',
    min: 1000,
    max: 86_400_000,
  }),
  OPS_HOST: text(host, { description: 'Address of the operations listener.', fallback: '127.0.0.1' }),
  OPS_PORT: integer({
    description: 'Port of the operations listener; 0 picks a free one.',
    fallback: '8081',
    min: 0,
    max: 65_535,
  }),
  OPS_TOKEN: secret({
    description:
      'Token for the console (as a bearer token or at login), at least 16 characters (openssl rand -hex 32). Without it the console is open on loopback and closed elsewhere.',
    minLength: 16,
  }),
  OPS_OPERATORS: operators({
    description:
      'Console operators with their own tokens, so that the audit log names people: name:token,name:token, each token at least 16 characters. OPS_TOKEN still works.',
  }),
  CONSOLE_URL: text(
    z
      .string()
      .refine((value) => value === '' || /^https?:\/\/[^\s?#]+$/.test(value), { error: 'must be an http or https URL' })
      .transform((value) => value.replace(/\/+$/, '')),
    {
      description:
        'Address at which people reach the console, such as https://ops.example.com/console; if set, log lines link to the page of their payment.',
      fallback: '',
    },
  ),
} as const satisfies VariableTable;
