import { z } from 'zod';
import { parseBaseUrl } from '../core/base-url.ts';
import { parseConfirmRule } from '../core/confirm-rule.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { integer, oneOf, parsed, privateKey, text, type Variable } from './variable.ts';

const parseOptionalBaseUrl = (value: string): Result<string, string> => (value === '' ? ok('') : parseBaseUrl(value));

const APP_ID = /^[\w.-]{0,64}$/;

/** Settings that a merchant's calls to PayCools need. */
export const apiVariables = {
  PAYCOOLS_BASE_URL: parsed(parseOptionalBaseUrl, {
    description: 'Address of the PayCools API, for reconciliation and the command line; there is no default.',
    fallback: '',
  }),
  PAYCOOLS_APP_ID: text(z.string().regex(APP_ID, 'must be letters, digits, dots, hyphens or underscores'), {
    description:
      'The appId of the merchant, from the PayCools back office. An envelope that names another one is refused; where this is empty, every envelope is accepted.',
    fallback: '',
  }),
  PAYCOOLS_APP_NAME: text(z.string().max(100), {
    description: 'Name of the application, for the calls that require one.',
    fallback: '',
  }),
  PAYCOOLS_PRIVATE_KEY: privateKey({
    description: "The merchant's own RSA private key, which signs calls to PayCools: PKCS#8, PEM or bare base64.",
  }),
  CONFIRM: parsed(parseConfirmRule, {
    description:
      'Which events are confirmed with PayCools before workers get them: off, failed, amount>=N (successes of N centavos and more) or always.',
    fallback: 'off',
  }),
} as const satisfies Record<string, Variable<unknown>>;

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

/** Reads a cron expression of five fields; empty for none. */
const parseCron = (text: string): Result<string, string> => {
  if (text.trim() === '') return ok('');
  const fields = text.trim().split(/\s+/);
  const isCron =
    fields.length === FIELDS.length &&
    FIELDS.every((range, index) => (fields[index] ?? '').split(',').every((part) => isPart(part, range)));
  return isCron ? ok(fields.join(' ')) : fail('must be five cron fields, such as 15 3 * * * (at 03:15 each day)');
};

/** When and how the service reconciles on a schedule. */
export const reconcileVariables = {
  RECONCILE_SCHEDULE: parsed(parseCron, {
    description:
      'When to reconcile: five cron fields in PAYCOOLS_TIME_ZONE, such as 15 3 * * *; empty for never. Missing events are emitted.',
    fallback: '',
  }),
  RECONCILE_LOOKBACK_HOURS: integer({
    description:
      'How far a scheduled reconciliation looks back, in hours; every day that this touches is compared completely.',
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
      'How many requests of a reconciliation may ask for refunds of payments before its window, in rotation over the last 60 days; 0 for none.',
    fallback: '500',
    min: 0,
    max: 100_000,
  }),
  RECONCILE_DEPTH: oneOf(['full', 'statements'], {
    description:
      'What is queried: full (also the refunds of each payment and the payments of each known code and account), or statements (only what the statements leave open).',
    fallback: 'full',
  }),
} as const satisfies Record<string, Variable<unknown>>;
