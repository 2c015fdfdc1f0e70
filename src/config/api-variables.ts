import { z } from 'zod';
import { parseBaseUrl } from '../core/base-url.ts';
import { parseConfirmRule } from '../core/confirm-rule.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { integer, oneOf, parsed, privateKey, text, type VariableTable } from './variable.ts';

const parseOptionalBaseUrl = (value: string): Result<string, string> => (value === '' ? ok('') : parseBaseUrl(value));

const APP_ID = /^[\w.-]{0,64}$/;

/** Settings for a merchant's calls to PayCools. */
export const apiVariables = {
  PAYCOOLS_BASE_URL: parsed(parseOptionalBaseUrl, {
    description: 'Base URL of the PayCools API, for CONFIRM, reconciliation and the command line; there is no default.',
    fallback: '',
  }),
  PAYCOOLS_APP_ID: text(z.string().regex(APP_ID, 'must be letters, digits, dots, hyphens or underscores'), {
    description:
      "The merchant's appId, from the PayCools back office. An envelope that names another appId is refused; if empty, the appId of envelopes is not checked.",
    fallback: '',
  }),
  PAYCOOLS_APP_NAME: text(z.string().max(100), {
    description: 'Application name, for API calls that require one.',
    fallback: '',
  }),
  PAYCOOLS_PRIVATE_KEY: privateKey({
    description: "The merchant's own RSA private key, which signs calls to PayCools: PKCS#8, PEM or bare base64.",
  }),
  CONFIRM: parsed(parseConfirmRule, {
    description:
      'Which events are confirmed with PayCools before workers get them: off, failed, amount>=N (successes of at least N centavos) or always.',
    fallback: 'off',
  }),
} as const satisfies VariableTable;

/** Smallest and largest number of each field: minute, hour, day of month, month, day of week. */
const FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

const PART = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/;

const isPart = (part: string, [min, max]: readonly [number, number]): boolean => {
  const match = PART.exec(part);
  if (match === null) return false;
  const [, first = String(min), last = first, step = '1'] = match;
  return Number(first) >= min && Number(last) <= max && Number(first) <= Number(last) && Number(step) > 0;
};

/** Parses a five-field cron expression; an empty text means no schedule. */
const parseCron = (text: string): Result<string, string> => {
  if (text.trim() === '') return ok('');
  const fields = text.trim().split(/\s+/);
  const isCron =
    fields.length === FIELDS.length &&
    FIELDS.every((range, index) => (fields[index] ?? '').split(',').every((part) => isPart(part, range)));
  return isCron ? ok(fields.join(' ')) : fail('must be five cron fields, such as 15 3 * * * (at 03:15 each day)');
};

/** Settings of reconciliation. */
export const reconcileVariables = {
  RECONCILE_SCHEDULE: parsed(parseCron, {
    description:
      'When to reconcile and emit missing events: five cron fields in PAYCOOLS_TIME_ZONE, such as 15 3 * * *; empty for never.',
    fallback: '',
  }),
  RECONCILE_LOOKBACK_HOURS: integer({
    description:
      'How far back a scheduled reconciliation looks, in hours; days that are partly covered are compared in full.',
    fallback: '48',
    min: 1,
    max: 9600,
  }),
  RECONCILE_RATE: integer({
    description: 'Maximum number of requests to PayCools per second while reconciling.',
    fallback: '5',
    min: 1,
    max: 1000,
  }),
  RECONCILE_REFUND_BUDGET: integer({
    description:
      'Maximum number of requests per reconciliation for refunds of payments older than its window, rotating over the last 60 days; 0 for none.',
    fallback: '500',
    min: 0,
    max: 100_000,
  }),
  RECONCILE_DEPTH: oneOf(['full', 'statements'], {
    description:
      'What a reconciliation queries: statements (only what the statements leave open) or full (also the refunds of each payment, and the payments of each known code and account).',
    fallback: 'full',
  }),
} as const satisfies VariableTable;
