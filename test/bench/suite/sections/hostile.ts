import { Agent, request } from 'node:http';
import { hostileBodies, ordinaryForgery } from '../../../support/hostile-bodies.ts';
import { processorMicros } from '../processor.ts';

/** The cost of a body for the receiver, and its ratio to an ordinary forged callback of the same run. */
export type HostileCost = { readonly name: string; readonly micros: number; readonly ratio: number };

export type Victim = { readonly pid: number; readonly port: number };

export type HostileEffort = {
  /** Requests with each body, after a tenth of that to warm up. */
  readonly requests: number;
  /** Requests with the ordinary body: more, because processor time is counted in hundredths of a second. */
  readonly ordinary: number;
};

const CONNECTIONS = 4;

/** Posts a body and returns the status of the reply. */
const postTo =
  ({ port }: Victim, agent: Agent) =>
  (body: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const sending = request({ port, agent, method: 'POST', path: '/callbacks/payout', headers }, (reply) => {
        reply.resume();
        reply.on('end', () => resolve(reply.statusCode ?? 0));
      });
      sending.on('error', reject);
      sending.end(body);
    });

const repeat = async (times: number, work: () => Promise<number>): Promise<void> => {
  for (let done = 0; done < times; done += CONNECTIONS) {
    for (const status of await Promise.all(Array.from({ length: CONNECTIONS }, work))) {
      if (status < 400 || status >= 500) throw new Error(`the reply to a hostile body was ${status}`);
    }
  }
};

/**
 * Measures the processor time of every hostile body over real connections, reading and decoding included. The costliest
 * comes first.
 */
export const measureHostile = async (victim: Victim, effort: HostileEffort): Promise<HostileCost[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const post = postTo(victim, agent);
  const costOf = async (body: string, requests: number): Promise<number> => {
    await repeat(requests / 10, () => post(body));
    const before = processorMicros(victim.pid);
    await repeat(requests, () => post(body));
    return (processorMicros(victim.pid) - before) / requests;
  };
  const ordinary = await costOf(ordinaryForgery, effort.ordinary);
  const costs: HostileCost[] = [{ name: 'an ordinary forged callback', micros: ordinary, ratio: 1 }];
  for (const [name, body] of hostileBodies) {
    const micros = await costOf(body, effort.requests);
    costs.push({ name, micros, ratio: micros / ordinary });
  }
  agent.destroy();
  return costs.toSorted((a, b) => b.ratio - a.ratio);
};

/** The costs as a table. */
export const hostileTable = (costs: readonly HostileCost[]): string =>
  costs
    .map(({ name, micros, ratio }) => `${ratio.toFixed(1).padStart(6)}  ${micros.toFixed(0).padStart(6)} µs  ${name}`)
    .join('\n');
