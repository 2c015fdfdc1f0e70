import { explainFailure } from '../redis/connection/explain-failure.ts';
import { CommandError } from './io.ts';

/**
 * Ends a command whose Redis cannot be used, with the sentence that the doctor and the service have for the cause.
 *
 * @throws CommandError
 */
export const refuseRedis = (error: unknown): never => {
  throw new CommandError(explainFailure(error).sentence);
};
