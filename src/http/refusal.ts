import type { ProblemCode } from '../core/problems.ts';

/** Why a request never became a callback. */
export const refusalReasons = [
  'path',
  'method',
  'size',
  'type',
  'time',
  'source',
  /** The request is not valid HTTP, or its URL is malformed. */
  'syntax',
  'headers',
  /** The sender closed the connection before the request was complete. */
  'aborted',
  /** The connection was closed because there were more than MAX_CONNECTIONS. */
  'connections',
  'internal',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

/** A request, or an incomplete one, that never became a callback. */
export type Refusal = {
  readonly requestId: string;
  /** Source address. */
  readonly source: string;
  readonly reason: RefusalReason;
  /** Status code of the reply; null if none could be sent. */
  readonly status: number | null;
  /** Null if no request had begun. */
  readonly durationMs: number | null;
  /** W3C trace id, if the request is traced. */
  readonly traceId?: string;
};

const REASONS: Partial<Readonly<Record<ProblemCode, RefusalReason>>> = {
  malformed: 'syntax',
  forbidden: 'source',
  'not-found': 'path',
  'method-not-allowed': 'method',
  'request-timeout': 'time',
  'too-large': 'size',
  'unsupported-media-type': 'type',
  'headers-too-large': 'headers',
};

/** The reason for a problem that the listener itself replies with. */
export const reasonOf = (code: ProblemCode): RefusalReason => REASONS[code] ?? 'internal';
