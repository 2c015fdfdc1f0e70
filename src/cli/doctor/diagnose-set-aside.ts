import type { ServiceSettings } from '../../config/environment.ts';
import { counted } from '../format.ts';
import { type Finding, findingsOf } from './finding.ts';

const TIMEOUT_MS = 1000;
const METRIC = /^paycools_spool_set_aside(?:\{[^}]*\})? (\d+)$/m;

const readMetrics = async ({ OPS_HOST, OPS_PORT }: ServiceSettings): Promise<string> => {
  const host = OPS_HOST === '0.0.0.0' || OPS_HOST === '::' ? '127.0.0.1' : OPS_HOST;
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${OPS_PORT}/metrics`;
  try {
    return await (await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) })).text();
  } catch {
    return ''; // it does not run here: only the service knows its spool
  }
};

/** Callbacks that the running service has set aside, because Redis refused to store them. */
export const diagnoseSetAside = async (settings: ServiceSettings): Promise<Finding[]> => {
  const count = Number(METRIC.exec(await readMetrics(settings))?.[1] ?? 0);
  if (count === 0) return [];
  const { problem } = findingsOf('set-aside');
  const were = `${counted(count, 'callback')} ${count === 1 ? 'was' : 'were'}`;
  return [
    problem(`${were} set aside in the spool, because Redis refused to store them: see \`paycools findings list\`.`),
  ];
};
