import { once } from 'node:events';
import { connect as connectPlainly, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RedisAddress } from '../../core/redis-url.ts';
import { explainFailure, failureOf, type RedisCause, type RedisFailure } from './explain-failure.ts';

/** How long Redis may take to show whether it speaks TLS, in milliseconds. */
const PROBE_MS = 800;

const opened = async (socket: Socket, event: string): Promise<unknown> => {
  try {
    const [first] = await once(socket, event, { signal: AbortSignal.timeout(PROBE_MS) });
    return first ?? null;
  } catch {
    return undefined;
  } finally {
    socket.on('error', () => undefined).destroy();
  }
};

/** The certificate is not looked at: nothing is sent, and a TLS that is wrongly set up is TLS all the same. */
const speaksTls = async ({ hosts: [first] }: RedisAddress): Promise<boolean> =>
  (await opened(connectTls({ ...first, rejectUnauthorized: false }), 'secureConnect')) !== undefined;

/** Redis answers PING with a status, or with an error where it asks for a password first. */
const speaksPlainly = async ({ hosts: [first] }: RedisAddress): Promise<boolean> => {
  const socket = connectPlainly(first);
  socket.write('PING\r\n');
  return /^[+-]/.test(String(await opened(socket, 'data')));
};

/** What is wrong with TLS, where both sides speak it: the clients of sentinels and clusters hide that. */
const failureOfTls = async ({ hosts: [first] }: RedisAddress): Promise<RedisFailure | null> => {
  const socket = connectTls(first);
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(PROBE_MS) });
    return null;
  } catch (error) {
    const failure = explainFailure(error);
    return failure.cause === 'TLS' ? failure : null;
  } finally {
    socket.on('error', () => undefined).destroy();
  }
};

/**
 * Returns why a connection to this address fails. Where one side speaks TLS and the other does not, all that a client sees is
 * a connection that ends, or one without an answer: this asks Redis in the other way, and looks at its certificate.
 */
export const explainUnreachable = async (error: unknown, address: RedisAddress): Promise<RedisFailure> => {
  const failure = explainFailure(error);
  if (!isTlsSuspect(failure)) return failure;
  if (!address.tls) return (await speaksTls(address)) ? failureOf('no TLS where it is needed') : failure;
  if (await speaksPlainly(address)) return failureOf('TLS where there is none');
  return (await failureOfTls(address)) ?? failure;
};

const SUSPECTS: ReadonlySet<RedisCause> = new Set(['lost', 'unreachable', 'timeout', 'TLS', 'unknown']);

/** Whether TLS may be the reason. */
export const isTlsSuspect = ({ cause }: RedisFailure): boolean => SUSPECTS.has(cause);
