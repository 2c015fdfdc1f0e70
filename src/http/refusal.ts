import type { ProblemCode } from '../core/problems.ts';

/** Why a request never became a callback. */
export const refusalReasons = [
  'path',
  'method',
  'size',
  'type',
  'time',
  'source',
  /** It is not valid HTTP, or its URL is malformed. */
  'syntax',
  'headers',
  /** Its sender closed the connection before it was complete. */
  'aborted',
  /** Its connection was closed because MAX_CONNECTIONS were used up. */
  'connections',
  'internal',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

/** A request, or an attempt at one, that never became a callback. */
export type Refusal = {
  readonly requestId: string;
  /** Source address. */
  readonly source: string;
  readonly reason: RefusalReason;
  /** Status code of the reply; null where none was possible. */
  readonly status: number | null;
  /** Null where the request had no beginning. */
  readonly durationMs: number | null;
  /** Where it is traced (W3C). */
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

/** The reason behind a problem that the listener itself replies with. */
export const reasonOf = (code: ProblemCode): RefusalReason => REASONS[code] ?? 'internal';
