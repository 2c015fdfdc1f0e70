import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ServiceSettings } from '../config/environment.ts';
import { authorityOf } from '../core/base-url.ts';

/** The address of a listener, and the variables that set it. */
export type ListenerAddress = {
  readonly names: readonly [host: string, port: string];
  readonly host: string;
  readonly port: number;
};

/** The two listeners of the service. */
export const listenersOf = ({ HOST, PORT, OPS_HOST, OPS_PORT }: ServiceSettings) =>
  ({
    public: { names: ['HOST', 'PORT'], host: HOST, port: PORT },
    operations: { names: ['OPS_HOST', 'OPS_PORT'], host: OPS_HOST, port: OPS_PORT },
  }) as const satisfies Record<string, ListenerAddress>;

/** Explains an error code of the system: why nothing can listen at the address, and what to do about it. */
export const explainListenFailure = ({ names, host, port }: ListenerAddress, code: string): string => {
  const [hostName, portName] = names;
  const address = authorityOf({ host, port });
  switch (code) {
    case 'EADDRINUSE':
      return `${address} is in use by another program: stop it, or change ${portName}.`;
    case 'EACCES':
      return `${address} may not be used by this user: set ${portName} to a port above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: change ${hostName}, for example to 0.0.0.0.`;
    default:
      return `${address} cannot be used (${code}): change ${hostName} or ${portName}.`;
  }
};

/** A listener cannot be opened. The message says why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Starts to listen.
 *
 * @returns the URL of the listener
 * @throws ListenError
 */
export const listen = async (app: FastifyInstance, address: ListenerAddress): Promise<string> => {
  const { host, port } = address;
  await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw new ListenError(explainListenFailure(address, error.code ?? error.name), { cause: error });
  });
  const { port: bound } = app.server.address() as AddressInfo;
  return `http://${authorityOf({ host, port: bound })}`;
};
