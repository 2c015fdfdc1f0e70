type CheckName = 'redis' | 'durability' | 'memory' | 'spool' | 'config';

/** One sentence for each check that fails: what is wrong and what to do. */
export type Reasons = Partial<Readonly<Record<CheckName, string>>>;

export type Readiness = {
  /** Whether callbacks would be stored: also true while Redis is unavailable and the spool has room. */
  readonly isReady: boolean;
  readonly reasons: Reasons;
};

/** What readiness depends on. */
type ReadinessInputs = {
  readonly redis: {
    /** What is wrong with Redis. */
    readonly reasons: Reasons;
    /** Whether Redis will soon be durable enough without help, such as when a rewrite of its append-only file ends. */
    readonly isRecovering: boolean;
  };
  readonly spool: {
    /** What is wrong with the spool; null if it works or is off. */
    readonly problem: () => string | null;
    /** Whether the spool could take a callback now. */
    readonly hasRoom: () => boolean;
  };
  /** What is wrong with the configuration; null if it is in force. */
  readonly config: string | null;
};

/**
 * Whether the ingress should send callbacks here. It should while Redis is unavailable and the spool has room. A Redis
 * that is weaker than DURABILITY requires must be fixed first, unless that passes without help and the spool has room.
 */
export const readinessOf = ({ redis, spool, config }: ReadinessInputs): Readiness => {
  const problem = spool.problem();
  const reasons: Reasons = {
    ...redis.reasons,
    ...(problem === null ? {} : { spool: problem }),
    ...(config === null ? {} : { config }),
  };
  const canStore = redis.reasons.redis === undefined || spool.hasRoom();
  const isDurable = redis.reasons.durability === undefined || (redis.isRecovering && spool.hasRoom());
  return { isReady: canStore && isDurable && problem === null, reasons };
};
