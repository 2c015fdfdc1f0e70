import { existsSync } from 'node:fs';
import { isFree } from '../redis-server.ts';
import type { DevRun } from './claim-folder.ts';
import { DEFAULT_DATA_DIR, type DevOptions, PORT_NAMES, type PortName, type Ports } from './options.ts';

const STEP = 100;
const MAX_PORT = 65_535;

const findBusyPorts = async (ports: Ports): Promise<readonly PortName[]> => {
  const free = await Promise.all(PORT_NAMES.map((name) => isFree(ports[name])));
  return PORT_NAMES.filter((_, index) => free[index] !== true);
};

/** Three free ports, all at the same distance from the given ones. */
const findFreePorts = async (ports: Ports): Promise<Ports> => {
  for (let step = STEP; step < MAX_PORT; step += STEP) {
    const shifted = {
      PORT: ports.PORT + step,
      OPS_PORT: ports.OPS_PORT + step,
      SANDBOX_PORT: ports.SANDBOX_PORT + step,
    };
    if (Math.max(...Object.values(shifted)) > MAX_PORT) break;
    if ((await findBusyPorts(shifted)).length === 0) return shifted;
  }
  throw new Error('Three free ports could not be found');
};

const unusedFolder = (): string => {
  for (let number = 2; ; number += 1) {
    const folder = `${DEFAULT_DATA_DIR}/run-${number}`;
    if (!existsSync(folder)) return folder;
  }
};

/** The command that starts the same run with another folder or other ports. */
const commandFor = ({ hasWorker, dataDir, ports }: Pick<DevOptions, 'hasWorker' | 'dataDir' | 'ports'>): string =>
  [
    ...(dataDir === DEFAULT_DATA_DIR ? [] : [`DEV_DATA_DIR=${dataDir}`]),
    ...PORT_NAMES.map((name) => `${name}=${ports[name]}`),
    'npm run dev',
    ...(hasWorker ? [] : ['-- --no-worker']),
  ].join(' ');

/** Describes the run that is using this folder, and the command that starts a second one. */
export const describeRunning = async ({ pid, startedAt, addresses }: DevRun, options: DevOptions): Promise<string> => {
  const ports = await findFreePorts(options.ports);
  return [
    `\`npm run dev\` is already running here: process ${pid}, since ${startedAt}. It was left alone.`,
    '',
    ...Object.entries(addresses).map(([name, address]) => `  ${name.padEnd(12)} ${address}`),
    '',
    'Stop it with Ctrl-C in its terminal, or start a second one with its own data:',
    '',
    `  ${commandFor({ ...options, dataDir: unusedFolder(), ports })}`,
  ].join('\n');
};

const variablesOf = (names: readonly PortName[], ports: Ports): string =>
  names.map((name) => `${ports[name]} (${name})`).join(', ');

/** Lists all ports that are in use, and the command that uses free ones; null if all are free. */
export const describeBusyPorts = async (options: DevOptions): Promise<string | null> => {
  const busy = await findBusyPorts(options.ports);
  if (busy.length === 0) return null;
  const ports = await findFreePorts(options.ports);
  return [
    `${busy.length === 1 ? 'This port is' : 'These ports are'} in use: ${variablesOf(busy, options.ports)}.`,
    'Stop the programs that use them, or choose other ports:',
    '',
    `  ${commandFor({ ...options, ports })}`,
  ].join('\n');
};
