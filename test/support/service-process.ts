import { openNamespace } from './namespace.ts';
import { run } from './process.ts';
import { serviceEnv, untilReady } from './service.ts';

export type ServiceProcessOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node.js itself. */
  readonly nodeArgs?: readonly string[];
  /** False for a service that cannot become ready. */
  readonly waitsForReady?: boolean;
};

/** Starts the service in a process and a namespace of the test. `stop` sends SIGTERM and returns the exit code. */
export const startServiceProcess = async (options: ServiceProcessOptions = {}) => {
  const { nodeArgs = [], waitsForReady = true } = options;
  const namespace = openNamespace();
  const env = { ...serviceEnv(namespace), ...options.env };
  const service = run({ command: process.execPath, args: [...nodeArgs, 'src/main.ts'], env });
  const { publicUrl = '', opsUrl = '' } = JSON.parse(await service.line(/"msg":"listening"/)) as Record<string, string>;
  if (waitsForReady) await untilReady(opsUrl);
  const stop = (): Promise<number | string> => {
    service.child.kill('SIGTERM');
    return service.ended;
  };
  return { ...service, env, namespace, publicUrl, opsUrl, stop };
};
