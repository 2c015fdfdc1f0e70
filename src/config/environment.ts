import { z } from 'zod';
import { fail, ok, type Result } from '../core/result.ts';
import { reconcileVariables } from './api-variables.ts';
import { listenerVariables } from './listener-variables.ts';
import { merchantVariables } from './merchant-variables.ts';
import { storageVariables } from './storage-variables.ts';
import { integer, oneOf, parsed, text, type Variable } from './variable.ts';

/** Reads the address of a collector. Plain HTTP is allowed: traces hold ids only, and collectors often run beside the service. */
const parseCollector = (value: string): Result<string, string> => {
  if (value === '') return ok('');
  const { protocol, username, password, search, hash } = URL.canParse(value) ? new URL(value) : { protocol: '' };
  if (protocol !== 'http:' && protocol !== 'https:') return fail('must be a URL such as http://collector:4318');
  if (`${username}${password}${search}${hash}` !== '') return fail('must have no user, query or fragment');
  return ok(value.replace(/\/+$/, ''));
};

/** The samplers that OpenTelemetry names. Every trace begins at a callback, so those with a parent decide as those without. */
const SAMPLERS = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const;

const parseShare = (value: string): Result<number, string> => {
  const share = Number(value);
  return value.trim() !== '' && share >= 0 && share <= 1 ? ok(share) : fail('must be a number from 0 to 1');
};

/** Settings of the service as a whole. */
export const serviceVariables = {
  MERCHANTS_FILE: text(z.string(), {
    description:
      'JSON file with several merchants, read again on SIGHUP and when it changes; see docs/configuration.md.',
    fallback: '',
  }),
  ALLOWED_IPS: merchantVariables.ALLOWED_IPS,
  ...storageVariables,
  ...listenerVariables,
  VERIFICATION_TIMEOUT_MS: integer({
    description: 'How long a worker may take to answer a payment verification, in milliseconds.',
    fallback: '3000',
    min: 10,
    max: 60_000,
  }),
  VERIFICATION_DEFAULT: oneOf(['reject', 'accept'], {
    description: 'The reply to a payment verification that no worker answers in time: reject (code 1000) or accept.',
    fallback: 'reject',
  }),
  ...reconcileVariables,
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    description: 'How much is logged: trace, debug, info, warn, error, fatal or silent.',
    fallback: 'info',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: parsed(parseCollector, {
    description:
      'Address of an OpenTelemetry collector (OTLP over HTTP), such as http://collector:4318; empty for no traces.',
    fallback: '',
  }),
  OTEL_TRACES_SAMPLER: oneOf(SAMPLERS, {
    description: `Which callbacks are traced: ${SAMPLERS.join(', ')}.`,
    fallback: 'parentbased_always_on',
  }),
  OTEL_TRACES_SAMPLER_ARG: parsed(parseShare, {
    description: 'The share of callbacks that the samplers of a ratio trace, from 0 to 1.',
    fallback: '1',
  }),
  SHUTDOWN_TIMEOUT_MS: integer({
    description: 'How long SIGTERM may take to finish what is in flight, in milliseconds.',
    fallback: '10000',
    min: 0,
    max: 600_000,
  }),
} as const satisfies Record<string, Variable<unknown>>;

/** Every environment variable that the service reads, in the order in which .env.example shows them. */
export const variables = { ...merchantVariables, ...serviceVariables };

type Table = Readonly<Record<string, Variable<unknown>>>;

/** The values of a table of variables, each read and checked. */
export type ValuesOf<Variables extends Table> = {
  readonly [Name in keyof Variables]: Variables[Name] extends Variable<infer Value> ? Value : never;
};

export type MerchantSettings = ValuesOf<typeof merchantVariables>;
export type ServiceSettings = ValuesOf<typeof serviceVariables>;
