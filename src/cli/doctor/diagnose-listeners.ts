import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ServiceSettings } from '../../config/environment.ts';
import { accessOf } from '../../console/access/access.ts';
import { explainListenFailure, type ListenerAddress, listenersOf } from '../../service/explain-listen-failure.ts';
import { connectionCode } from '../explain-connection.ts';
import { localAddress } from '../local-address.ts';
import { type Finding, findingsOf } from './finding.ts';

const PROBE_TIMEOUT_MS = 1000;

type Listener = ListenerAddress & {
  /** A path that our own listener answers with a status. */
  readonly sign: string;
};

/** Whether the service itself listens there: then the port is in use as it should be. */
const isService = async (listener: Listener): Promise<boolean> => {
  try {
    const address = `${localAddress(listener)}${listener.sign}`;
    const reply = await fetch(address, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return reply.status === 200 && (await reply.text()).startsWith('{"status":');
  } catch {
    return false;
  }
};

/** Why nothing can listen there, as a code of the system; null where something can. */
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
    ? ok(`${host}:${port} is in use by the service, which is running`)
    : problem(explainListenFailure(listener, refusal));
};

/** Both listeners, and whether their settings of addresses make sense. */
export const diagnoseListeners = async (settings: ServiceSettings): Promise<Finding[]> => {
  const { PORT, OPS_PORT, OPS_HOST, HOST, ALLOWED_IPS, TRUST_PROXY } = settings;
  const { advice, problem } = findingsOf('listeners');
  const isSame = PORT === OPS_PORT && PORT !== 0 && (HOST === OPS_HOST || HOST === '0.0.0.0');
  if (isSame) return [problem('PORT and OPS_PORT are the same: give them different ones.')];
  const listeners = listenersOf(settings);
  const hidesSources = ALLOWED_IPS !== null && TRUST_PROXY === false;
  return [
    await diagnoseListener({ ...listeners.public, sign: '/healthz' }),
    await diagnoseListener({ ...listeners.operations, sign: '/livez' }),
    ...(hidesSources
      ? [
          advice(
            'ALLOWED_IPS is set and TRUST_PROXY is not: behind a proxy every callback seems to come from the proxy.',
          ),
        ]
      : []),
  ];
};

/** Who can open the console. */
export const diagnoseConsole = ({ OPS_HOST, OPS_TOKEN, OPS_OPERATORS }: ServiceSettings): Finding => {
  const { ok, advice } = findingsOf('console');
  const { kind } = accessOf(OPS_HOST, OPS_TOKEN, OPS_OPERATORS);
  if (kind === 'token')
    return ok(OPS_OPERATORS.length > 0 ? 'opens with the tokens of OPS_OPERATORS' : 'opens with OPS_TOKEN');
  if (kind === 'loopback') return ok('is open on this machine');
  return advice(`is closed, because OPS_HOST is ${OPS_HOST}: set OPS_TOKEN to open it.`);
};
