import { isFree } from '../redis-server.ts';
import { PORT_NAMES, type PortName, type Ports } from './options.ts';

const STEP = 100;
const MAX_PORT = 65_535;

/** The ports that something else uses. */
export const busyPorts = async (ports: Ports): Promise<readonly PortName[]> => {
  const free = await Promise.all(PORT_NAMES.map((name) => isFree(ports[name])));
  return PORT_NAMES.filter((_, index) => free[index] !== true);
};

/** Ports that are free, each as far from the given ones. */
export const nextFreePorts = async (ports: Ports): Promise<Ports> => {
  for (let step = STEP; step < MAX_PORT; step += STEP) {
    const shifted = {
      PORT: ports.PORT + step,
      OPS_PORT: ports.OPS_PORT + step,
      SANDBOX_PORT: ports.SANDBOX_PORT + step,
    };
    if (Math.max(...Object.values(shifted)) > MAX_PORT) break;
    if ((await busyPorts(shifted)).length === 0) return shifted;
  }
  throw new Error('No three ports are free');
};

/** Ports as they are set before a command. */
export const portWords = (ports: Ports): string => PORT_NAMES.map((name) => `${name}=${ports[name]}`).join(' ');
