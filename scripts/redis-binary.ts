import { findProgram } from './machine-package.ts';

const WAYS_OUT = [
  'There is no Redis on this machine. Three ways out:',
  '  1. install redis-server or valkey-server with the package manager of this machine,',
  '  2. set REDIS_URL to a Redis that is already there (for `npm run dev`),',
  '  3. run `docker compose up` instead.',
].join('\n');

/**
 * The Redis or Valkey of this machine. Where there is none and we may, it is installed with apt-get.
 *
 * @param say hears what is being installed
 * @throws Error with the three ways out, when there is none and none can be installed
 */
export const findRedisBinary = (say: (sentence: string) => void): string => {
  const programs = ['redis-server', 'valkey-server'];
  const found = findProgram({ title: 'Redis', programs, debian: 'redis-server', say });
  if (found === undefined) throw new Error(WAYS_OUT);
  return found;
};
