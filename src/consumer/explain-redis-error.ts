import type { RedisAddress } from '../core/redis-url.ts';
import { explainFailure, type RedisFailure } from '../redis/connection/explain-failure.ts';
import { explainUnreachable, isTlsSuspect } from '../redis/connection/explain-unreachable.ts';

const withText = ({ sentence }: RedisFailure, { message }: Error): string => `${sentence} (${message})`;

/** Explains a connection error and quotes its text; null for any other error. */
export const explainRedisError = (error: Error): string | null => {
  const failure = explainFailure(error);
  return failure.cause === 'unknown' ? null : withText(failure, error);
};

/** Finds out whether a connection fails because only one side uses TLS. */
export type TlsProbe = {
  /** Opens a connection to find out; null if TLS cannot be the cause. */
  readonly explain: (error: Error) => Promise<string> | null;
  /** To be called once connected: later errors are not caused by TLS. */
  readonly connected: () => void;
};

export const createTlsProbe = (address: RedisAddress): TlsProbe => {
  let hasConnected = false;
  let probing: Promise<RedisFailure> | null = null;
  return {
    explain: (error) => {
      if (hasConnected || !isTlsSuspect(explainFailure(error))) return null;
      probing ??= explainUnreachable(error, address).finally(() => {
        probing = null;
      });
      return probing.then((failure) => (failure.cause === 'unknown' ? error.message : withText(failure, error)));
    },
    connected: () => {
      hasConnected = true;
    },
  };
};
