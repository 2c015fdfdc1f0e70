/** A check of readiness. */
type CheckName = 'redis' | 'durability' | 'memory' | 'spool' | 'config';

/** What is wrong, one sentence for each check that fails: what it is and what to do. */
export type Reasons = Partial<Readonly<Record<CheckName, string>>>;

/** Whether callbacks may be sent here. */
export type Readiness = {
  /** Whether they would be stored: also true while Redis is unavailable and the spool has room. */
  readonly isReady: boolean;
  readonly reasons: Reasons;
};

/** What readiness depends on. */
type ReadinessInputs = {
  readonly redis: {
    /** What is wrong with Redis. */
    readonly reasons: Reasons;
    /** Whether it becomes durable enough by itself soon, such as when a rewrite of its append-only file ends. */
    readonly isWaiting: boolean;
  };
  readonly spool: {
    /** What is wrong with the spool; null where it works, or none is wanted. */
    readonly problem: () => string | null;
    /** Whether the spool could take a callback now. */
    readonly hasRoom: () => boolean;
  };
  /** What is wrong with the configuration; null where it is in force. */
  readonly config: string | null;
};

/**
 * Whether callbacks may be sent here. While Redis is unavailable and the spool has room they may: the ingress should
 * keep sending. A Redis that is weaker than DURABILITY asks for must be fixed before anything is sent, except where that
 * passes by itself.
 */
export const readinessOf = ({ redis, spool, config }: ReadinessInputs): Readiness => {
  const problem = spool.problem();
  const reasons: Reasons = {
    ...redis.reasons,
    ...(problem === null ? {} : { spool: problem }),
    ...(config === null ? {} : { config }),
  };
  const canStore = redis.reasons.redis === undefined || spool.hasRoom();
  const isDurable = redis.reasons.durability === undefined || (redis.isWaiting && spool.hasRoom());
  return { isReady: canStore && isDurable && problem === null, reasons };
};
