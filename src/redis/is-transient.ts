import { explainFailure } from './connection/explain-failure.ts';

/** Our own errors and states of Redis that affect all writes, not a single event. */
const STATES =
  /DeadlineError|NotDurableError|ReplicationError|MaxRetriesPerRequestError|\b(OOM|MISCONF|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|BUSY)\b|Stream isn't writeable/;

/** Whether a failed write may succeed later by itself, because Redis as a whole could not accept writes. */
export const isTransient = (error: unknown): boolean =>
  error instanceof Error &&
  (explainFailure(error).cause !== 'unknown' || STATES.test(`${error.name} ${error.message}`));
