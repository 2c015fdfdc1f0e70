/** What a connection error of Redis means, by its code or by the first word of Redis's own reply. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'connection refused: nothing is listening there'],
  [/ENOTFOUND|EAI_AGAIN/, 'unknown host'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'no answer from that address'],
  [/WRONGPASS|NOAUTH|invalid password|without any password configured/, 'user name or password refused'],
  [/NOPERM/, 'this Redis user lacks a permission'],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/, 'TLS failed'],
  [/READONLY/, 'this is a read-only replica'],
  [/LOADING/, 'Redis is still loading its data'],
  [/MAXCLIENTS|max number of clients/, 'Redis accepts no more clients'],
  [/ECONNRESET|EPIPE|Connection is closed/, 'the connection was closed'],
];

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** Explains a connection error in words, or null where it is not one. */
export const explainRedisError = (error: Error): string | null => {
  const code = codeOf(error);
  const known = MEANINGS.find(([pattern]) => pattern.test(code) || pattern.test(error.message));
  if (known === undefined) return null;
  return code === '' ? `${known[1]} (${error.message})` : `${known[1]} (${code})`;
};
