import { existsSync } from 'node:fs';
import type { DevRun } from './claim-folder.ts';
import { busyPorts, nextFreePorts, portWords } from './free-ports.ts';
import { DEFAULT_DATA_DIR, type DevOptions, type PortName, type Ports } from './options.ts';

const unusedFolder = (): string => {
  for (let number = 2; ; number += 1) {
    const folder = `${DEFAULT_DATA_DIR}/run-${number}`;
    if (!existsSync(folder)) return folder;
  }
};

type Place = { readonly dataDir: string; readonly ports: Ports };

/** The command that does the same elsewhere. */
const command = ({ hasWorker }: DevOptions, { dataDir, ports }: Place): string =>
  [
    ...(dataDir === DEFAULT_DATA_DIR ? [] : [`DEV_DATA_DIR=${dataDir}`]),
    portWords(ports),
    'npm run dev',
    ...(hasWorker ? [] : ['-- --no-worker']),
  ].join(' ');

/** What is running in this folder, and the command that starts another run beside it. */
export const describeRunning = async ({ pid, startedAt, addresses }: DevRun, options: DevOptions): Promise<string> => {
  const ports = await nextFreePorts(options.ports);
  return [
    `\`npm run dev\` is already running here: process ${pid}, since ${startedAt}. It was left alone.`,
    '',
    ...Object.entries(addresses).map(([name, address]) => `  ${name.padEnd(12)} ${address}`),
    '',
    'Stop it with Ctrl-C in its terminal, or start another one beside it, with data of its own:',
    '',
    `  ${command(options, { dataDir: unusedFolder(), ports })}`,
  ].join('\n');
};

const variablesOf = (names: readonly PortName[], ports: Ports): string =>
  names.map((name) => `${ports[name]} (${name})`).join(', ');

/** Every port that is in use, and the command that takes others; null where all are free. */
export const describeBusyPorts = async (options: DevOptions): Promise<string | null> => {
  const busy = await busyPorts(options.ports);
  if (busy.length === 0) return null;
  const ports = await nextFreePorts(options.ports);
  return [
    `${busy.length === 1 ? 'This port is' : 'These ports are'} in use: ${variablesOf(busy, options.ports)}.`,
    'Stop the programs that use them, or take other ports:',
    '',
    `  ${command(options, { dataDir: options.dataDir, ports })}`,
  ].join('\n');
};
