const SYSCALLS: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo', 'read', 'write', 'shutdown']);
const TLS_CODE = /^(ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** Errors of the Redis client: a reply that is an error, one that cannot be read, and connections that end. */
const CLIENT_ERRORS: ReadonlySet<string> = new Set([
  'ReplyError',
  'ParserError',
  'ClusterAllFailedError',
  'MaxRetriesPerRequestError',
]);

/** Errors of the Redis client that have neither a name nor a code of their own. */
const CLIENT_TEXT = /^(Connection is closed\.$|Socket timeout\. Expecting data)/;

/**
 * Whether an error comes from the peer of a connection: a Redis, a sentinel, a TLS endpoint. Such an error may escape the
 * library that owns the connection. It leaves the state of the process intact, and the connection is made again.
 */
export const isConnectionError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (CLIENT_ERRORS.has(error.name) || CLIENT_TEXT.test(error.message)) return true;
  const { syscall, code, library } = error as Error & { syscall?: unknown; code?: unknown; library?: unknown };
  return SYSCALLS.has(syscall) || library === 'SSL routines' || TLS_CODE.test(String(code));
};
