import { type Refusal, refusalReasons } from '../http/refusal.ts';
import type { FloodLog } from './flood-log.ts';
import type { Metrics } from './metrics.ts';

/** Counts and logs each request that never became a callback. */
export const createRefusalObserver = ({ metrics, floods }: { metrics: Metrics; floods: FloodLog }) => {
  for (const reason of refusalReasons) metrics.refusals.inc({ reason }, 0); // so that the first refusal shows in a rate

  return (refusal: Refusal): void => {
    metrics.refusals.inc({ reason: refusal.reason });
    floods.write(refusal, 'refused');
  };
};
