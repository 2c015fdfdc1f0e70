// The fuzz in its long form: `node test/fuzz/long.ts --minutes 10 [--seed N]`. Prints its seed first; stops at the first
// violation, shows the request that caused it, and exits with 1. The last tenth of the time goes to a search for bodies
// that are expensive to decode.
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { createNumbering } from '../faults/suite/numbered.ts';
import { searchCostly } from './suite/costly.ts';
import { anyRequest, type FuzzRequest } from './suite/requests.ts';
import { openTarget, type Target } from './suite/target.ts';

const BATCH = 200;
const AT_ONCE = 20;
const SHOWN = 2000;
const COSTLY_PART = 0.1;
/** About ten ordinary forged callbacks: far above the costliest body known, below what the contract allows. */
const MAX_MICROS = 2000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const show = ({ kind, chunks }: FuzzRequest): string =>
  `${kind}: ${JSON.stringify(Buffer.concat(chunks).toString('latin1').slice(0, SHOWN))}`;

/** Shoots the requests, some at once, and gives the first complaint with its request. */
const shootAll = async ({ shoot, receiver }: Target, requests: readonly FuzzRequest[]): Promise<string | null> => {
  for (let index = 0; index < requests.length; index += AT_ONCE) {
    const some = requests.slice(index, index + AT_ONCE);
    const complaints = await Promise.all(some.map(shoot));
    for (const [place, request] of some.entries()) {
      const [complaint] = complaints[place] ?? [];
      if (complaint !== undefined) return `${complaint}\n${show(request)}`;
    }
    const [exit] = receiver.unexpectedExits;
    if (exit !== undefined) return `the receiver ended by itself: ${exit}\n${some.map(show).join('\n')}`;
  }
  return null;
};

const findForeign = async ({ stored }: Target): Promise<string | null> => {
  const own = createNumbering(0).transactionOf(1);
  const foreign = (await stored()).find(({ where, transaction }) => where !== 'payout' || transaction !== own);
  return foreign === undefined ? null : `on a queue, but never sent like this: ${JSON.stringify(foreign)}`;
};

const run = async (target: Target): Promise<string | null> => {
  const seed = Number(values.seed);
  const end = performance.now() + Number(values.minutes) * 60_000 * (1 - COSTLY_PART);
  for (let batch = 0; performance.now() < end; batch += 1) {
    const requests = fc.sample(anyRequest, { seed: seed + batch, numRuns: BATCH });
    const complaint = await shootAll(target, requests);
    if (complaint !== null) return complaint;
    if (process.stderr.isTTY) process.stderr.write(`\r${(batch + 1) * BATCH} requests `);
    else if (batch % 50 === 49) say(`${(batch + 1) * BATCH} requests`);
  }
  return (await findForeign(target)) ?? findCostly();
};

/** Searches for a body that costs too much before anything is proved. */
const findCostly = (): string | null => {
  const { body, micros } = searchCostly(
    Number(values.seed),
    performance.now() + Number(values.minutes) * 60_000 * COSTLY_PART,
  );
  say(`the dearest body takes ${micros.toFixed(0)} µs`);
  if (micros < MAX_MICROS) return null;
  return `a body takes ${micros.toFixed(0)} µs to decode: ${JSON.stringify(body.toString('latin1').slice(0, SHOWN))}`;
};

say(`seed ${values.seed}`);
await using target = await openTarget();
const complaint = await run(target);
say(complaint ?? 'nothing that must not be');
process.exitCode = complaint === null ? 0 : 1;
