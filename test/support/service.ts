import { readFileSync } from 'node:fs';
import { loadSettings } from '../../src/config/load.ts';
import { createLogger } from '../../src/observe/logger.ts';
import { type Service, type ServiceOptions, startService } from '../../src/service/service.ts';
import { disposeWithTest } from './dispose.ts';
import { type Namespace, openNamespace } from './namespace.ts';
import { until } from './until.ts';

export const SECRET = 'test-secret-not-real';

export type TestService = Service & {
  readonly namespace: Namespace;
  /** The lines that it logged. */
  readonly logLines: readonly string[];
};

export type TestServiceOptions = Partial<Pick<ServiceOptions, 'definitions' | 'now'>> & {
  readonly env?: Readonly<Record<string, string>>;
  /** False for a service that cannot become ready. Default true. */
  readonly waitsForReady?: boolean;
};

/** The environment of a service with a namespace, on free ports and without a spool. */
export const serviceEnv = ({ url, prefix }: Namespace): Record<string, string> => ({
  PAYCOOLS_CALLBACK_SECRET: SECRET,
  REDIS_URL: url,
  QUEUE_PREFIX: prefix,
  HOST: '127.0.0.1',
  PORT: '0',
  OPS_PORT: '0',
  SPOOL_DIR: 'off',
});

const build = { version: '0.0.0', revision: 'test', node: process.versions.node };

/** Starts the real service in this process, on free ports and a namespace of the test that calls this. */
export const startTestService = async ({
  env = {},
  waitsForReady = true,
  ...options
}: TestServiceOptions = {}): Promise<TestService> => {
  const namespace = openNamespace();
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const loaded = loadSettings({ env: { ...serviceEnv(namespace), ...env }, readFile });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const logLines: string[] = [];
  const logger = createLogger({ level: 'debug', destination: { write: (line) => logLines.push(line) } });
  const service = disposeWithTest(
    await startService({ settings: loaded.value, readFile, logger, now: Date.now, build, ...options }),
  );
  if (waitsForReady) await untilReady(service.opsUrl);
  return { ...service, namespace, logLines };
};

/** Waits until `/readyz` answers 200. */
export const untilReady = (opsUrl: string, timeoutMs = 15_000): Promise<void> =>
  until(async () => (await fetch(`${opsUrl}/readyz`)).status === 200, {
    what: 'the service is ready',
    timeoutMs,
  });
