import { z } from 'zod';
import { integer, secret, text, type Variable } from './variable.ts';

const host = z.string().regex(/^[\w.:-]+$/, 'must be a host name or an address');

/** Where the service listens, and who may look at it. */
export const listenerVariables = {
  HOST: text(host, { description: 'Address of the public listener.', fallback: '0.0.0.0' }),
  PORT: integer({
    description: 'Port of the public listener; 0 takes a free one.',
    fallback: '8080',
    min: 0,
    max: 65_535,
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
      'Opens the console, as a bearer token or at its login, at least 16 characters (openssl rand -hex 32); not set: the console is open on loopback and closed elsewhere.',
    minLength: 16,
  }),
} as const satisfies Record<string, Variable<unknown>>;
