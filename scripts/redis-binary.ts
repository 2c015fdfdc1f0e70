import { findProgram } from './machine-package.ts';

const ALTERNATIVES = [
  'There is no Redis on this machine. Three alternatives:',
  '  1. install redis-server or valkey-server with the package manager of this machine,',
  '  2. set REDIS_URL to a Redis that runs already (for `npm run dev`),',
  '  3. run `docker compose up` instead.',
].join('\n');

/**
 * The Redis or Valkey of this machine. Where there is none, it is installed with apt-get if that is possible.
 *
 * @param say called with what is being installed
 * @throws Error with three alternatives, when there is none and none can be installed
 */
export const findRedisBinary = (say: (sentence: string) => void): string => {
  const programs = ['redis-server', 'valkey-server'];
  const found = findProgram({ title: 'Redis', programs, debian: 'redis-server', say });
  if (found === undefined) throw new Error(ALTERNATIVES);
  return found;
};
