/**
 * Every problem that the public listener replies with, by status. A problem never says why a signature failed and
 * echoes nothing from the request: the reader may be an attacker. docs/errors.md is generated from this table.
 */
export const problems = {
  malformed: { status: 400, title: 'The request is not well-formed; its body must be one JSON object.' },
  unauthorized: { status: 401, title: 'The callback could not be verified.' },
  forbidden: { status: 403, title: 'Callbacks are not accepted from this address.' },
  'not-found': { status: 404, title: 'Not found.' },
  'method-not-allowed': { status: 405, title: 'Callbacks are sent with POST.' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive.' },
  'too-large': { status: 413, title: 'The body is too large.' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json without a content encoding.' },
  'too-many-failures': { status: 429, title: 'Too many callbacks from this address could not be verified.' },
  'headers-too-large': { status: 431, title: 'The headers are too large.' },
  internal: { status: 500, title: 'Internal error.' },
  unavailable: { status: 503, title: 'The callback could not be stored; send it again.' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof problems;

/** The body of a problem response, RFC 9457. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly requestId: string;
};

export const problemOf = (code: ProblemCode, requestId: string): Problem => ({
  type: `urn:paycools-webhooks:problem:${code}`,
  title: problems[code].title,
  status: problems[code].status,
  requestId,
});
