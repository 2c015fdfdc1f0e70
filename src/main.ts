import { existsSync, readFileSync } from 'node:fs';
import type { ConfigProblem } from './config/load.ts';
import { nodeProblem } from './core/node-version.ts';
import type { BuildInfo } from './service/service.ts';

const tooOld = nodeProblem(process.versions.node);
if (tooOld !== null) {
  process.stderr.write(`${tooOld}\n`);
  process.exit(1);
}

const { default: closeWithGrace } = await import('close-with-grace');
const { ConfigurationError, loadSettings } = await import('./config/load.ts');
const { createLogger } = await import('./observe/logger.ts');
const { ListenError } = await import('./service/listen.ts');
const { isConnectionError } = await import('./service/is-connection-error.ts');
const { startService } = await import('./service/service.ts');

const refuse = (problems: readonly ConfigProblem[]): never => {
  const lines = problems.map(({ name, problem }) => `  ${name} ${problem}`);
  process.stderr.write(`The configuration is not usable:\n${lines.join('\n')}\nEvery variable is in .env.example.\n`);
  process.exit(1);
};

const readFile = (path: string): string => readFileSync(path, 'utf8');

/** The image has the revision in a file next to package.json; elsewhere it is unknown. */
const readBuild = (): BuildInfo => {
  const beside = (name: string): URL => new URL(`../${name}`, import.meta.url);
  const { version } = JSON.parse(readFileSync(beside('package.json'), 'utf8')) as { version: string };
  const file = beside('revision');
  const revision = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'unknown';
  return { version, revision, node: process.versions.node };
};

/** Name of this instance in containers and Kubernetes. */
const { HOSTNAME = '' } = process.env;

const loaded = loadSettings({ env: process.env, readFile });
const settings = loaded.ok ? loaded.value : refuse(loaded.error);
const build = readBuild();
const logger = createLogger({
  level: settings.service.LOG_LEVEL,
  base: { version: build.version, ...(HOSTNAME === '' ? {} : { instance: HOSTNAME }) },
});
process.on('exit', () => logger.flush());
let stop: (() => Promise<void>) | null = null;
/** Handles an uncaught error: survives a connection error, and stops the service after any other. */
const onUnexpected = async (err: unknown): Promise<void> => {
  if (isConnectionError(err)) {
    logger.error({ err }, 'a connection failed unexpectedly; the client reconnects');
    return;
  }
  logger.fatal({ err }, 'stopping after an unexpected error');
  const stopOnce = stop;
  stop = null;
  await stopOnce?.();
  process.exit(1);
};
process.on('uncaughtException', onUnexpected);
process.on('unhandledRejection', onUnexpected);
try {
  const service = await startService({ settings, readFile, logger, now: Date.now, build });
  process.on('SIGHUP', service.reloadMerchants);
  const delay = settings.service.SHUTDOWN_TIMEOUT_MS;
  const skip = ['SIGHUP', 'uncaughtException', 'unhandledRejection'] as const;
  closeWithGrace({ delay, logger: false, skip: [...skip] }, async ({ signal }) => {
    logger.info({ signal }, 'stopping');
    await service[Symbol.asyncDispose]();
    logger.info('stopped');
  });
  stop = async () => {
    setTimeout(() => process.exit(1), delay).unref();
    await service[Symbol.asyncDispose]();
  };
  logger.info({ publicUrl: service.publicUrl, opsUrl: service.opsUrl }, 'listening');
} catch (err) {
  if (err instanceof ConfigurationError) refuse(err.problems);
  if (err instanceof ListenError) logger.fatal({ err: err.cause }, `could not start: ${err.message}`);
  else logger.fatal({ err }, 'could not start');
  process.exit(1);
}
