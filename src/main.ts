import { readFileSync } from 'node:fs';
import closeWithGrace from 'close-with-grace';
import { loadEnvironment } from './config/load.ts';
import { createLogger } from './observe/logger.ts';
import { startService } from './service.ts';

const EXIT_FAILED = 1;

const loaded = loadEnvironment({ env: process.env, readFile: (path) => readFileSync(path, 'utf8') });
if (!loaded.ok) {
  const lines = loaded.error.map(({ name, problem }) => `  ${name} ${problem}`);
  process.stderr.write(`The configuration is not usable:\n${lines.join('\n')}\nEvery variable is in .env.example.\n`);
  process.exit(EXIT_FAILED);
}

const environment = loaded.value;
const logger = createLogger({ level: environment.LOG_LEVEL });
try {
  const service = await startService({ environment, logger, now: Date.now });
  logger.info({ publicUrl: service.publicUrl, opsUrl: service.opsUrl }, 'listening');
  closeWithGrace({ delay: environment.SHUTDOWN_TIMEOUT_MS, logger: false }, async ({ signal, err }) => {
    if (err === undefined) logger.info({ signal }, 'stopping');
    else logger.fatal({ err }, 'stopping after an unexpected error');
    await service[Symbol.asyncDispose]();
    logger.info('stopped');
  });
} catch (err) {
  logger.fatal({ err }, 'could not start');
  process.exit(EXIT_FAILED);
}
