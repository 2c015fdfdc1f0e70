import type { z } from 'zod';
import { describeIssues } from '../core/describe-issues.ts';
import { type JsonValue, textOrNull } from '../core/json.ts';
import { decode } from '../wire/decode.ts';
import { toRecord } from '../wire/field.ts';
import { describeApiCode, isRepeatedOrder } from './api-codes.ts';
import { PaycoolsApiError } from './errors/paycools-api-error.ts';
import { PaycoolsResponseError, type ResponseProblem } from './errors/paycools-response-error.ts';
import type { Target } from './request.ts';
import type { RawReply } from './transport.ts';

/** A call and the schema of its `data`. */
export type ReplyContext = Target & {
  readonly schema: z.ZodType;
  /** Whether this is a retry: an order that exists already may then come from an earlier attempt. */
  readonly isRetry: boolean;
};

const isTemporary = (httpStatus: number): boolean => httpStatus >= 500 || httpStatus === 429 || httpStatus === 408;

type BadReply = { readonly problem: ResponseProblem; readonly details?: readonly string[] };

const responseError = (
  { call, endpoint }: ReplyContext,
  { httpStatus }: RawReply,
  { problem, details = [] }: BadReply,
): PaycoolsResponseError =>
  new PaycoolsResponseError({
    call,
    problem,
    httpStatus,
    details,
    outcome: 'unknown',
    retryable: endpoint.effect === 'read' && problem !== 'shape' && isTemporary(httpStatus),
  });

const DIGITS = /^-?\d{1,9}$/;

/** The code of a reply. PayCools sends it as a number or as a string. */
const readCode = (value: JsonValue | undefined): number | string | null => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return null;
  return DIGITS.test(value) ? Number(value) : value;
};

/** Whether a creation may have been carried out despite this code: by a failing PayCools, or by an earlier attempt. */
const mayBeCarriedOut = (code: number | string, { isRetry }: ReplyContext): boolean => {
  const { kind } = describeApiCode(code);
  return kind === 'transient' || kind === 'unknown' || (isRetry && isRepeatedOrder(code));
};

type Refusal = { readonly code: number | string; readonly providerMessage: string | null };

const apiError = (context: ReplyContext, { httpStatus }: RawReply, refusal: Refusal): PaycoolsApiError => {
  const { call, endpoint } = context;
  const { kind } = describeApiCode(refusal.code);
  const isRead = endpoint.effect === 'read';
  const mayPass = kind === 'transient' || (kind === 'unknown' && isTemporary(httpStatus));
  return new PaycoolsApiError({
    ...refusal,
    call,
    httpStatus,
    outcome: !isRead && mayBeCarriedOut(refusal.code, context) ? 'unknown' : 'refused',
    retryable: kind === 'rate-limit' || (isRead && mayPass),
  });
};

/** A page of a statement has thousands of values, and the size of a reply has been limited already. */
const NO_LIMIT = Number.POSITIVE_INFINITY;

/**
 * Reads a reply: decodes it without changing how its numbers are written, checks its code whatever the HTTP status is,
 * and validates its `data`.
 *
 * @throws PaycoolsApiError, PaycoolsResponseError
 * @see docs/paycools.md 8.1 (https://doc.paycools.com/PayCoolsApiErrorCode.html)
 */
export const readReply = (raw: RawReply, context: ReplyContext): unknown => {
  const decoded = decode(raw.body, NO_LIMIT);
  if (!decoded.ok) throw responseError(context, raw, { problem: 'not-json', details: [decoded.error] });
  const reply = toRecord(decoded.value);
  const code = readCode(reply['code']);
  if (code === null) throw responseError(context, raw, { problem: 'no-code' });
  if (typeof code === 'string' || !context.endpoint.successCodes.includes(code)) {
    throw apiError(context, raw, { code, providerMessage: textOrNull(reply['message']) ?? textOrNull(reply['msg']) });
  }
  const data = context.schema.safeParse(reply['data']);
  if (!data.success) throw responseError(context, raw, { problem: 'shape', details: describeIssues(data.error) });
  return data.data;
};
