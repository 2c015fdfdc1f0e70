import { TcpProxy } from '../../support/topologies/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { HOME } from './receiver-names.ts';
import { type Fault, proxyOf, usesRedis, type World } from './world.ts';

const BEHIND_PROXY = ['single', 'endpoint'] as const;
/** One way, so that some answers arrive in time and some do not. */
const SLOW_MS = { low: 20, high: 400 };

/** Longer than the receiver waits for Redis, unless ENQUEUE_TIMEOUT_MS is longer. */
const REPLY_MS = 900;
const ELSEWHERE = '127.0.0.2';
const FOLLOW_TIMEOUT_MS = 10_000;

const brokenBy =
  (spoil: (world: World) => void): Fault['happen'] =>
  async (world) => {
    spoil(world);
    await world.last();
    proxyOf(world).heal();
  };

/** Faults between the receiver and Redis. */
export const connectionFaults = {
  'connection-cut': {
    what: 'every connection to Redis is cut, and for a while every new one too',
    topologies: BEHIND_PROXY,
    happen: brokenBy((world) => proxyOf(world).cut()),
  },
  'connection-hung': {
    what: 'connections to Redis remain open, but for a while nothing gets through; then everything does',
    topologies: BEHIND_PROXY,
    happen: brokenBy((world) => proxyOf(world).hold()),
  },
  'connection-half-open': {
    what: 'open connections to Redis never answer again; new ones hang for a while, then work',
    topologies: BEHIND_PROXY,
    happen: brokenBy((world) => {
      proxyOf(world).forget();
      proxyOf(world).hold();
    }),
  },
  'connection-slow': {
    what: 'everything takes 20 to 400 ms longer each way, so that some answers arrive too late',
    topologies: BEHIND_PROXY,
    happen: brokenBy((world) => proxyOf(world).delay(world.random.between(SLOW_MS.low, SLOW_MS.high))),
  },
  'replies-slow': {
    what: 'Redis answers each command after 900 ms',
    topologies: BEHIND_PROXY,
    happen: brokenBy((world) => proxyOf(world).delayReplies(REPLY_MS)),
  },
  'host-moved': {
    what: 'the host name of Redis leads nowhere, then to another address, then back; each time the old address refuses',
    topologies: ['single'],
    mustReachRedis: true,
    happen: async (world) => {
      const { names, redis, last } = world;
      const proxy = proxyOf(world);
      names.leadTo('');
      proxy.cut();
      await last();
      await using elsewhere = await TcpProxy.start(redis.port, { host: ELSEWHERE, port: proxy.port });
      names.leadTo(ELSEWHERE);
      try {
        await until(() => usesRedis(world), { what: 'the new address is used', timeoutMs: FOLLOW_TIMEOUT_MS });
      } finally {
        proxy.heal();
        names.leadTo(HOME);
        elsewhere.cut();
      }
    },
  },
} as const satisfies Record<string, Fault>;
