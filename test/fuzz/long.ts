// The long fuzz: `node test/fuzz/long.ts --minutes 10 [--seed N]`. Prints its seed, stops at the first violation with the
// request that caused it, and exits with 1. The last tenth of the time is a search for bodies that are expensive to decode.
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { createNumbering } from '../faults/suite/numbered.ts';
import { searchCostly } from './suite/costly.ts';
import { anyRequest, type FuzzRequest } from './suite/requests.ts';
import { openTarget, type Target } from './suite/target.ts';

const BATCH = 200;
const CONCURRENCY = 20;
const MAX_SHOWN = 2000;
const COSTLY_SHARE = 0.1;
/** The cost of some ten ordinary forged callbacks: above the costliest body known, below what the contract allows. */
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
  `${kind}: ${JSON.stringify(Buffer.concat(chunks).toString('latin1').slice(0, MAX_SHOWN))}`;

/** Sends the requests, some concurrently. Returns the first complaint with its request; null if there is none. */
const sendAll = async ({ send, receiver }: Target, requests: readonly FuzzRequest[]): Promise<string | null> => {
  for (let index = 0; index < requests.length; index += CONCURRENCY) {
    const batch = requests.slice(index, index + CONCURRENCY);
    const complaints = await Promise.all(batch.map(send));
    for (const [place, request] of batch.entries()) {
      const [complaint] = complaints[place] ?? [];
      if (complaint !== undefined) return `${complaint}\n${show(request)}`;
    }
    const [exit] = receiver.unexpectedExits;
    if (exit !== undefined) return `the receiver exited unexpectedly: ${exit}\n${batch.map(show).join('\n')}`;
  }
  return null;
};

const findForeign = async ({ stored }: Target): Promise<string | null> => {
  const own = createNumbering(0).transactionOf(1);
  const foreign = (await stored()).find(({ where, transaction }) => where !== 'payout' || transaction !== own);
  return foreign === undefined ? null : `on a queue but never sent: ${JSON.stringify(foreign)}`;
};

const run = async (target: Target): Promise<string | null> => {
  const seed = Number(values.seed);
  const end = performance.now() + Number(values.minutes) * 60_000 * (1 - COSTLY_SHARE);
  for (let batch = 0; performance.now() < end; batch += 1) {
    const requests = fc.sample(anyRequest, { seed: seed + batch, numRuns: BATCH });
    const complaint = await sendAll(target, requests);
    if (complaint !== null) return complaint;
    if (process.stderr.isTTY) process.stderr.write(`\r${(batch + 1) * BATCH} requests `);
    else if (batch % 50 === 49) say(`${(batch + 1) * BATCH} requests`);
  }
  return (await findForeign(target)) ?? findCostly();
};

/** Searches for a body that costs too much before its signature is checked. */
const findCostly = (): string | null => {
  const { body, micros } = searchCostly(
    Number(values.seed),
    performance.now() + Number(values.minutes) * 60_000 * COSTLY_SHARE,
  );
  say(`the costliest body takes ${micros.toFixed(0)} µs`);
  if (micros < MAX_MICROS) return null;
  return `a body takes ${micros.toFixed(0)} µs to decode: ${JSON.stringify(body.toString('latin1').slice(0, MAX_SHOWN))}`;
};

say(`seed ${values.seed}`);
await using target = await openTarget();
const complaint = await run(target);
say(complaint ?? 'no violation');
process.exitCode = complaint === null ? 0 : 1;
