import type { ServiceSettings } from '../config/environment.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';

/** What every part of the service uses. */
export type ServiceContext = {
  readonly settings: ServiceSettings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with errors that only a bug explains. */
  readonly onBug: (error: unknown) => void;
};
