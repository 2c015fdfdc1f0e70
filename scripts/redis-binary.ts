import { findProgram } from './machine-package.ts';

const ALTERNATIVES = [
  'Redis is not installed on this machine. Alternatives:',
  '  1. install redis-server or valkey-server with your package manager,',
  '  2. set REDIS_URL to a running Redis (for `npm run dev`),',
  '  3. run `docker compose up` instead.',
].join('\n');

/**
 * Finds Redis or Valkey on this machine, or installs Redis with apt-get if possible.
 *
 * @param say called with progress messages
 * @throws Error that lists the alternatives if neither works
 */
export const findRedisBinary = (say: (sentence: string) => void): string => {
  const programs = ['redis-server', 'valkey-server'];
  const found = findProgram({ title: 'Redis', programs, debian: 'redis-server', say });
  if (found === undefined) throw new Error(ALTERNATIVES);
  return found;
};
