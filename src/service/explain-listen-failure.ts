import type { ServiceSettings } from '../config/environment.ts';
import { authorityOf } from '../core/base-url.ts';

/** A listener: its address, and the variables that set it. */
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

/** Why nothing can listen at an address, from the code of the system, and what to do about it. */
export const explainListenFailure = ({ names, host, port }: ListenerAddress, code: string): string => {
  const [hostName, portName] = names;
  const address = authorityOf({ host, port });
  switch (code) {
    case 'EADDRINUSE':
      return `${address} is in use by another program: stop that, or change ${portName}.`;
    case 'EACCES':
      return `${address} may not be used by this user: take a port above 1023 for ${portName}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: change ${hostName}, for example to 0.0.0.0.`;
    default:
      return `${address} cannot be used (${code}): change ${hostName} or ${portName}.`;
  }
};

/** A listener cannot be opened; the message says why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}
