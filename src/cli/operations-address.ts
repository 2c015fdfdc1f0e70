import type { ServiceSettings } from '../config/environment.ts';

/** Where the operations listener of a receiver on this machine is, by its settings. */
export const operationsAddress = ({ OPS_HOST, OPS_PORT }: Pick<ServiceSettings, 'OPS_HOST' | 'OPS_PORT'>): string => {
  const host = OPS_HOST === '0.0.0.0' || OPS_HOST === '::' ? '127.0.0.1' : OPS_HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${OPS_PORT}`;
};
