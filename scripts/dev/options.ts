import { parseArgs } from 'node:util';

/** The environment variables that set the ports of the development set-up. */
export const PORT_NAMES = ['PORT', 'OPS_PORT', 'SANDBOX_PORT'] as const;
export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Readonly<Record<PortName, number>>;

const DEFAULT_PORTS: Ports = { PORT: 8080, OPS_PORT: 8081, SANDBOX_PORT: 8090 };
export const DEFAULT_DATA_DIR = '.data';
const DEFAULT_SECRET = 'paycools-dev-secret';
const MAX_PORT = 65_535;

export type DevOptions = {
  readonly ports: Ports;
  /** Holds everything that a run stores. Each run needs its own. */
  readonly dataDir: string;
  /** A Redis to use instead of a new one. */
  readonly redisUrl: string | null;
  readonly callbackSecret: string;
  /** Whether to start the sample worker. */
  readonly hasWorker: boolean;
};

/** Wrong usage: exit code 2. */
export class DevUsageError extends Error {
  override readonly name = 'DevUsageError';
}

const portOf = (name: PortName, text: string | undefined): number => {
  if (text === undefined || text === '') return DEFAULT_PORTS[name];
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > MAX_PORT) throw new DevUsageError(`${name} must be a port from 1 to ${MAX_PORT}`);
  return port;
};

const readHasWorker = (args: readonly string[]): boolean => {
  try {
    const { values } = parseArgs({ args: [...args], options: { 'no-worker': { type: 'boolean', default: false } } });
    return !values['no-worker'];
  } catch (error) {
    throw new DevUsageError(error instanceof Error ? error.message : String(error));
  }
};

const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

/**
 * Reads the options of `npm run dev` from its arguments and the environment.
 *
 * @throws DevUsageError if an argument or a port is invalid
 */
export const readDevOptions = (args: readonly string[], env: NodeJS.ProcessEnv): DevOptions => ({
  ports: {
    PORT: portOf('PORT', env['PORT']),
    OPS_PORT: portOf('OPS_PORT', env['OPS_PORT']),
    SANDBOX_PORT: portOf('SANDBOX_PORT', env['SANDBOX_PORT']),
  },
  dataDir: orNull(env['DEV_DATA_DIR']) ?? DEFAULT_DATA_DIR,
  redisUrl: orNull(env['REDIS_URL']),
  callbackSecret: orNull(env['PAYCOOLS_CALLBACK_SECRET']) ?? DEFAULT_SECRET,
  hasWorker: readHasWorker(args),
});
