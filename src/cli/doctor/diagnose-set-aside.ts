import type { ServiceSettings } from '../../config/environment.ts';
import { counted } from '../format.ts';
import { localAddress } from '../local-address.ts';
import { type Finding, findingsOf } from './finding.ts';

const TIMEOUT_MS = 1000;
const METRIC = /^paycools_spool_set_aside(?:\{[^}]*\})? (\d+)$/m;

const readMetrics = async ({ OPS_HOST: host, OPS_PORT: port }: ServiceSettings): Promise<string> => {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const reply = await fetch(`${localAddress({ host, port })}/metrics`, { signal });
    return await reply.text();
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
    problem(`${were} set aside in the spool, because Redis refused to store them: see \`paycools set-aside list\`.`),
  ];
};
