import { once } from 'node:events';
import { connect as connectPlainly, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RedisAddress } from '../../core/redis-url.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { explainFailure, failureOf, type RedisCause, type RedisFailure } from './explain-failure.ts';

/** How long Redis may take to show whether it speaks TLS, in milliseconds. */
const PROBE_MS = 800;

/** Waits for an event of a new socket, and closes it. Returns the first argument of the event. */
const probe = async (socket: Socket, event: string): Promise<Result<unknown, unknown>> => {
  try {
    const [argument] = await once(socket, event, { signal: AbortSignal.timeout(PROBE_MS) });
    return ok(argument);
  } catch (error) {
    return fail(error);
  } finally {
    socket.on('error', () => undefined).destroy();
  }
};

/** Does not check the certificate, because nothing is sent, and misconfigured TLS is TLS too. */
const speaksTls = async ({ hosts: [first] }: RedisAddress): Promise<boolean> =>
  (await probe(connectTls({ ...first, rejectUnauthorized: false }), 'secureConnect')).ok;

/** Redis answers PING with a status, or with an error if it requires a password. */
const speaksPlainly = async ({ hosts: [first] }: RedisAddress): Promise<boolean> => {
  const socket = connectPlainly(first);
  socket.write('PING\r\n');
  const reply = await probe(socket, 'data');
  return reply.ok && /^[+-]/.test(String(reply.value));
};

/** Finds what is wrong with TLS if both sides use it: the clients of sentinels and clusters hide this. */
const findTlsFailure = async ({ hosts: [first] }: RedisAddress): Promise<RedisFailure | null> => {
  const handshake = await probe(connectTls(first), 'secureConnect');
  if (handshake.ok) return null;
  const failure = explainFailure(handshake.error);
  return failure.cause === 'TLS' ? failure : null;
};

/**
 * Returns why a connection to this address fails. If only one side uses TLS, a client merely sees a connection that ends, or
 * one without an answer: so this connects to Redis in the other way, and checks its certificate.
 */
export const explainUnreachable = async (error: unknown, address: RedisAddress): Promise<RedisFailure> => {
  const failure = explainFailure(error);
  if (!isTlsSuspect(failure)) return failure;
  if (!address.tls) return (await speaksTls(address)) ? failureOf('TLS required') : failure;
  if (await speaksPlainly(address)) return failureOf('TLS not supported');
  return (await findTlsFailure(address)) ?? failure;
};

const SUSPECTS: ReadonlySet<RedisCause> = new Set(['lost', 'unreachable', 'timeout', 'TLS', 'unknown']);

/** Whether TLS may be the cause. */
export const isTlsSuspect = ({ cause }: RedisFailure): boolean => SUSPECTS.has(cause);
