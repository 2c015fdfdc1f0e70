const SYSCALLS: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo', 'read', 'write', 'shutdown']);
const TLS_CODE = /^(ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** Errors of the Redis client: error replies, unreadable replies and lost connections. */
const CLIENT_ERRORS: ReadonlySet<string> = new Set([
  'ReplyError',
  'ParserError',
  'ClusterAllFailedError',
  'MaxRetriesPerRequestError',
]);

/** Messages of errors of the Redis client that have neither a distinctive name nor a code. */
const CLIENT_TEXT = /^(Connection is closed\.$|Socket timeout\. Expecting data)/;

/**
 * Whether an error comes from the peer of a connection: a Redis, a sentinel, a TLS endpoint. Such an error may escape the
 * library that owns the connection. The process survives it, and the library reconnects.
 */
export const isConnectionError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (CLIENT_ERRORS.has(error.name) || CLIENT_TEXT.test(error.message)) return true;
  const { syscall, code, library } = error as Error & { syscall?: unknown; code?: unknown; library?: unknown };
  return SYSCALLS.has(syscall) || library === 'SSL routines' || TLS_CODE.test(String(code));
};
