import { existsSync, mkdtempSync, rmdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ServiceSettings } from '../../config/environment.ts';
import { connectionCode } from '../explain-connection.ts';
import { counted } from '../format.ts';
import { localAddress } from '../local-address.ts';
import { type Finding, findingsOf } from './finding.ts';

const MIN_SPOOL_BYTES = 64 * 1024 * 1024;

const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)));

/** The system's error code if a folder cannot be written to, else null. Only trying is conclusive: see /proc, and root. */
const refusalOf = (folder: string): string | null => {
  try {
    rmdirSync(mkdtempSync(join(folder, '.paycools-doctor-')));
    return null;
  } catch (error) {
    return connectionCode(error) ?? 'unknown reason';
  }
};

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;

/** Checks the folder that stores callbacks while Redis is unavailable. */
export const diagnoseSpool = ({ SPOOL_DIR: dir, SPOOL_MAX_BYTES: max }: ServiceSettings): Finding => {
  const { ok, advice, problem } = findingsOf('spool');
  if (dir === 'off') return advice('is off: while Redis is unavailable, callbacks are answered 503.');
  const folder = nearestFolder(resolve(dir));
  if (!statSync(folder).isDirectory()) return problem(`${folder} is not a folder: change SPOOL_DIR.`);
  const refusal = refusalOf(folder);
  if (refusal !== null) {
    return problem(`${folder} cannot be written to (${refusal}): give the service's user access, or change SPOOL_DIR.`);
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < MIN_SPOOL_BYTES)
    return problem(`the disk of ${folder} is almost full (${megabytes(free)} free): free some space.`);
  if (free < max) {
    return advice(
      `${folder} has ${megabytes(free)} free, less than SPOOL_MAX_BYTES (${megabytes(max)}): free some space.`,
    );
  }
  return ok(`${dir} is writable, ${megabytes(free)} free`);
};

const TIMEOUT_MS = 1000;
const METRIC = /^paycools_spool_set_aside(?:\{[^}]*\})? (\d+)$/m;

const readMetrics = async ({ OPS_HOST: host, OPS_PORT: port }: ServiceSettings): Promise<string> => {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const reply = await fetch(`${localAddress({ host, port })}/metrics`, { signal });
    return await reply.text();
  } catch {
    return ''; // the service does not run here, and only it can read its spool
  }
};

/** Reports callbacks that the running service has set aside, because Redis refused to store them. */
export const diagnoseSetAside = async (settings: ServiceSettings): Promise<Finding[]> => {
  const count = Number(METRIC.exec(await readMetrics(settings))?.[1] ?? 0);
  if (count === 0) return [];
  const { problem } = findingsOf('set-aside');
  const were = `${counted(count, 'callback')} ${count === 1 ? 'was' : 'were'}`;
  return [
    problem(`${were} set aside in the spool, because Redis refused to store them: see \`paycools set-aside list\`.`),
  ];
};
