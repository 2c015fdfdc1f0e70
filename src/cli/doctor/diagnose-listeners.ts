import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ServiceSettings } from '../../config/environment.ts';
import { accessOf } from '../../console/access/access.ts';
import { explainListenFailure, type ListenerAddress, listenersOf } from '../../service/listen.ts';
import { connectionCode } from '../explain-connection.ts';
import { localAddress } from '../local-address.ts';
import { type Finding, findingsOf } from './finding.ts';

const PROBE_TIMEOUT_MS = 1000;

type Listener = ListenerAddress & {
  /** A path at which our own listener reports a status. */
  readonly statusPath: string;
};

/** Whether the listener at this address is the service's own. */
const isService = async (listener: Listener): Promise<boolean> => {
  try {
    const address = `${localAddress(listener)}${listener.statusPath}`;
    const reply = await fetch(address, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return reply.status === 200 && (await reply.text()).startsWith('{"status":');
  } catch {
    return false;
  }
};

/** The system's error code if nothing can listen at the address; otherwise null. */
const refusalOf = async ({ host, port }: Listener): Promise<string | null> => {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
    return null;
  } catch (error) {
    return connectionCode(error) ?? 'unknown reason';
  } finally {
    server.close();
  }
};

const diagnoseListener = async (listener: Listener): Promise<Finding> => {
  const { ok, problem } = findingsOf('listeners');
  const { host, port } = listener;
  const refusal = await refusalOf(listener);
  if (refusal === null) return ok(`${host}:${port} is free`);
  const isRunning = refusal === 'EADDRINUSE' && (await isService(listener));
  return isRunning
    ? ok(`${host}:${port} is in use by the running service`)
    : problem(explainListenFailure(listener, refusal));
};

/** Checks both listeners and the settings of source addresses. */
export const diagnoseListeners = async (settings: ServiceSettings): Promise<Finding[]> => {
  const { PORT, OPS_PORT, OPS_HOST, HOST, ALLOWED_IPS, TRUST_PROXY } = settings;
  const { advice, problem } = findingsOf('listeners');
  const isSame = PORT === OPS_PORT && PORT !== 0 && (HOST === OPS_HOST || HOST === '0.0.0.0');
  if (isSame) return [problem('PORT and OPS_PORT are the same: give them different ones.')];
  const listeners = listenersOf(settings);
  const hidesSources = ALLOWED_IPS !== null && TRUST_PROXY === false;
  return [
    await diagnoseListener({ ...listeners.public, statusPath: '/healthz' }),
    await diagnoseListener({ ...listeners.operations, statusPath: '/livez' }),
    ...(hidesSources
      ? [
          advice(
            'ALLOWED_IPS is set but TRUST_PROXY is not: behind a proxy, every callback seems to come from the proxy.',
          ),
        ]
      : []),
  ];
};

/** Reports who can open the console. */
export const diagnoseConsole = ({ OPS_HOST, OPS_TOKEN, OPS_OPERATORS }: ServiceSettings): Finding => {
  const { ok, advice } = findingsOf('console');
  const { kind } = accessOf(OPS_HOST, OPS_TOKEN, OPS_OPERATORS);
  if (kind === 'token')
    return ok(OPS_OPERATORS.length > 0 ? 'opens with the tokens of OPS_OPERATORS' : 'opens with OPS_TOKEN');
  if (kind === 'loopback') return ok('is open on this machine');
  return advice(`is closed, because OPS_HOST is ${OPS_HOST}: set OPS_TOKEN to open it.`);
};
