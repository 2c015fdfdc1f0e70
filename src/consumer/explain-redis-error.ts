import type { RedisAddress } from '../core/redis-url.ts';
import { explainFailure, type RedisFailure } from '../redis/connection/explain-failure.ts';
import { explainUnreachable, isTlsSuspect } from '../redis/connection/explain-unreachable.ts';

const withText = ({ sentence }: RedisFailure, { message }: Error): string => `${sentence} (${message})`;

/** Explains a connection error as the service does, with its own text, or null where it is not one. */
export const explainRedisError = (error: Error): string | null => {
  const failure = explainFailure(error);
  return failure.cause === 'unknown' ? null : withText(failure, error);
};

/** Finds out whether a connection fails because one side speaks TLS and the other does not. */
export type TlsProbe = {
  /** Asks Redis; null where TLS cannot be the reason, so that nothing has to be asked. */
  readonly ask: (error: Error) => Promise<string> | null;
  /** A connection that was ready once does not fail because of TLS. */
  readonly connected: () => void;
};

export const createTlsProbe = (address: RedisAddress): TlsProbe => {
  let hasConnected = false;
  let asking: Promise<RedisFailure> | null = null;
  return {
    ask: (error) => {
      if (hasConnected || !isTlsSuspect(explainFailure(error))) return null;
      asking ??= explainUnreachable(error, address).finally(() => {
        asking = null;
      });
      return asking.then((failure) => (failure.cause === 'unknown' ? error.message : withText(failure, error)));
    },
    connected: () => {
      hasConnected = true;
    },
  };
};
