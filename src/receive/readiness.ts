import type { Readiness, Reasons } from './ports.ts';

/** What readiness depends on. */
type ReadinessInputs = {
  /** What is wrong with Redis. */
  readonly redis: Reasons;
  /** What is wrong with the spool; null where it works, or none is wanted. */
  readonly spool: string | null;
  /** Whether the spool could take a callback now. */
  readonly hasRoom: boolean;
  /** What is wrong with the configuration; null where it is in force. */
  readonly config: string | null;
};

/**
 * Whether callbacks may be sent here. While Redis is unavailable and the spool has room they may: the ingress should
 * keep sending. A Redis that is weaker than DURABILITY asks must be fixed before anything is sent.
 */
export const readinessOf = ({ redis, spool, hasRoom, config }: ReadinessInputs): Readiness => {
  const reasons: Reasons = { ...redis, ...(spool === null ? {} : { spool }), ...(config === null ? {} : { config }) };
  const canStore = redis.redis === undefined || hasRoom;
  return { isReady: canStore && redis.durability === undefined && spool === null, reasons };
};
