/** The first code in an error's chain of causes, such as `ECONNREFUSED`; null if there is none. */
export const errorCodeOf = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return errorCodeOf(error.errors[0]);
  return 'cause' in error ? errorCodeOf(error.cause) : null;
};
