import { z } from 'zod';
import { fail, ok, type Result } from '../core/result.ts';
import { reconcileVariables } from './api-variables.ts';
import { listenerVariables } from './listener-variables.ts';
import { merchantVariables } from './merchant-variables.ts';
import { storageVariables } from './storage-variables.ts';
import { integer, oneOf, parsed, secret, text, type ValuesOf, type VariableTable } from './variable.ts';

/** Plain HTTP is allowed, because traces hold only ids and a collector often runs next to the service. */
const parseCollector = (value: string): Result<string, string> => {
  if (value === '') return ok('');
  const { protocol, username, password, search, hash } = URL.canParse(value) ? new URL(value) : { protocol: '' };
  if (protocol !== 'http:' && protocol !== 'https:') return fail('must be a URL such as http://collector:4318');
  if (`${username}${password}${search}${hash}` !== '') return fail('must have no user, query or fragment');
  return ok(value.replace(/\/+$/, ''));
};

/** OpenTelemetry's samplers. Every trace begins at a callback, so a sampler behaves the same with and without `parentbased_`. */
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
      'JSON file with several merchants, reloaded on SIGHUP and whenever it changes; see docs/configuration.md.',
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
    description: 'Reply to a payment verification that no worker answers in time: reject (code 1000) or accept.',
    fallback: 'reject',
  }),
  ...reconcileVariables,
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    description: 'Minimum log level: trace, debug, info, warn, error, fatal or silent.',
    fallback: 'info',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: parsed(parseCollector, {
    description:
      'Address of an OpenTelemetry collector (OTLP over HTTP), such as http://collector:4318; empty disables tracing.',
    fallback: '',
  }),
  OTEL_TRACES_SAMPLER: oneOf(SAMPLERS, {
    description: `Sampler that decides which callbacks are traced: ${SAMPLERS.join(', ')}.`,
    fallback: 'parentbased_always_on',
  }),
  OTEL_TRACES_SAMPLER_ARG: parsed(parseShare, {
    description: 'Share of callbacks that the ratio samplers trace, from 0 to 1.',
    fallback: '1',
  }),
  SHUTDOWN_TIMEOUT_MS: integer({
    description: 'How long the service may take to finish its work and exit after SIGTERM, in milliseconds.',
    fallback: '10000',
    min: 0,
    max: 600_000,
  }),
} as const satisfies VariableTable;

/** Every environment variable that the service reads, in the order of .env.example. */
export const variables = { ...merchantVariables, ...serviceVariables };

/** Variables that `paycools forward` reads in addition to REDIS_URL and QUEUE_PREFIX. */
export const forwardVariables = {
  FORWARD_SECRET: secret({
    description:
      'Secret that `paycools forward` signs events with, in the format of Standard Webhooks: whsec_ followed by base64.',
  }),
} as const satisfies VariableTable;

export type MerchantSettings = ValuesOf<typeof merchantVariables>;
export type ServiceSettings = ValuesOf<typeof serviceVariables>;
