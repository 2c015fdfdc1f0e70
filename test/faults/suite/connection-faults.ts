import { type Fault, proxyOf, type World } from './world.ts';

/** One way, so some answers come in time and some do not. */
const SLOW_MS = { low: 20, high: 400 };

const brokenBy =
  (spoil: (world: World) => void): Fault['happen'] =>
  async (world) => {
    spoil(world);
    await world.last();
    proxyOf(world).heal();
  };

/** What can happen between the receiver and Redis. */
export const connectionFaults = {
  'connection-cut': {
    what: 'every connection to Redis is cut, and new ones are too for a while',
    topologies: ['single'],
    happen: brokenBy((world) => proxyOf(world).cut()),
  },
  'connection-hung': {
    what: 'connections to Redis stay open, but nothing passes for a while; then all of it does',
    topologies: ['single'],
    happen: brokenBy((world) => proxyOf(world).hold()),
  },
  'connection-half-open': {
    what: 'the connections to Redis stay open and are dead for good; new ones hang for a while, then work',
    topologies: ['single'],
    happen: brokenBy((world) => {
      proxyOf(world).forget();
      proxyOf(world).hold();
    }),
  },
  'connection-slow': {
    what: 'everything takes 20 to 400 ms longer each way, so that some answers come too late',
    topologies: ['single'],
    happen: brokenBy((world) => proxyOf(world).delay(world.random.between(SLOW_MS.low, SLOW_MS.high))),
  },
} as const satisfies Record<string, Fault>;
