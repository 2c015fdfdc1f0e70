import { explainFailure } from './connection/explain-failure.ts';

/** Errors of our own and states of Redis that concern everything that is written, not one event. */
const STATES =
  /DeadlineError|NotDurableError|ReplicationError|MaxRetriesPerRequestError|\b(OOM|MISCONF|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|BUSY)\b|Stream isn't writeable/;

/** Whether a write that failed may succeed later by itself: Redis as a whole could not take it. */
export const isTransient = (error: unknown): boolean =>
  error instanceof Error &&
  (explainFailure(error).cause !== 'unknown' || STATES.test(`${error.name} ${error.message}`));
