import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';
import { createLogger } from '../../src/observe/logger.ts';
import { type Service, type ServiceOptions, startService } from '../../src/service/service.ts';
import { type Namespace, openNamespace } from './namespace.ts';
import { until } from './until.ts';

export const SECRET = 'test-secret-not-real';

export type TestService = Service & {
  readonly namespace: Namespace;
  /** What it logged, a line each. */
  readonly logLines: readonly string[];
};

export type TestServiceOptions = Partial<Pick<ServiceOptions, 'definitions' | 'now'>> & {
  readonly env?: Readonly<Record<string, string>>;
  /** False for a service that cannot become ready; otherwise it is when this resolves. */
  readonly waitsForReady?: boolean;
};

/** The environment of a service on free ports that uses a namespace, without a spool. */
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

/** Starts the true service on free ports and a namespace of its own; it ends with the test that calls this. */
export const startTestService = async ({
  env = {},
  waitsForReady = true,
  ...options
}: TestServiceOptions = {}): Promise<TestService> => {
  const namespace = openNamespace();
  const loaded = loadSettings({
    env: { ...serviceEnv(namespace), ...env },
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const logLines: string[] = [];
  const logger = createLogger({ level: 'debug', destination: { write: (line) => logLines.push(line) } });
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const service = await startService({ settings: loaded.value, readFile, logger, now: Date.now, build, ...options });
  onTestFinished(() => service[Symbol.asyncDispose]());
  if (waitsForReady) await untilReady(service.opsUrl);
  return { ...service, namespace, logLines };
};

/** Waits until `/readyz` answers 200. */
export const untilReady = (opsUrl: string): Promise<void> =>
  until(async () => (await fetch(`${opsUrl}/readyz`)).status === 200, {
    what: 'the service is ready',
    timeoutMs: 15_000,
  });
