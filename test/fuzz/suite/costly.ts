import { Secret } from '../../../src/core/secret.ts';
import { verify } from '../../../src/verify/verify.ts';
import { decode } from '../../../src/wire/decode.ts';
import { createRandom, type Random } from '../../faults/suite/random.ts';
import { BODY_BYTES, hostileBodies } from '../../support/hostile-bodies.ts';

/** A body and the shortest time that decoding and checking it took, in microseconds. */
export type CostlyBody = { readonly body: Buffer; readonly micros: number };

const KEPT = 20;
const TRIES = 3;

const keys = { secrets: [new Secret('not real')], publicKeys: [] };

const costOf = (body: Buffer): number => {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const started = performance.now();
    const decoded = decode(body);
    if (decoded.ok) verify(decoded.value, keys);
    least = Math.min(least, (performance.now() - started) * 1000);
  }
  return least;
};

/** Puts a piece of one body into another, once or as often as fits. */
const cross = (target: Buffer, source: Buffer, random: Random): Buffer => {
  const at = random.between(0, target.length - 1);
  const from = random.between(0, source.length - 1);
  const piece = source.subarray(from, from + random.between(1, 64));
  const times = random.isBelow(0.5) ? 1 : random.between(1, Math.ceil(BODY_BYTES / piece.length));
  const rest = target.subarray(random.isBelow(0.5) ? at : at + piece.length * times);
  const pieces = Array.from({ length: times }, () => piece);
  return Buffer.concat([target.subarray(0, at), ...pieces, rest]).subarray(0, BODY_BYTES);
};

/** Searches for costly bodies until the time is up, by crossing the costliest ones. */
export const searchCostly = (seed: number, untilMs: number): CostlyBody => {
  const random = createRandom(seed);
  let kept: CostlyBody[] = [...hostileBodies.values()].map((text) => {
    const body = Buffer.from(text);
    return { body, micros: costOf(body) };
  });
  while (performance.now() < untilMs) {
    const body = cross(random.pick(kept).body, random.pick(kept).body, random);
    kept.push({ body, micros: costOf(body) });
    kept = kept.toSorted((a, b) => b.micros - a.micros).slice(0, KEPT);
  }
  const [worst] = kept;
  if (worst === undefined) throw new Error('there is no body to start with');
  return { body: worst.body, micros: costOf(worst.body) };
};
