import { explainFailure } from '../redis/connection/explain-failure.ts';

/** Explains a connection error as the service does, with its own text, or null where it is not one. */
export const explainRedisError = (error: Error): string | null => {
  const { cause, sentence } = explainFailure(error);
  return cause === 'unknown' ? null : `${sentence} (${error.message})`;
};
