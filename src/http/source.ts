import type { IncomingMessage } from 'node:http';
import { readAddress } from '../core/ip-address.ts';

/** Whose `X-Forwarded-For` is trusted: nobody's, that of N hops, or that of the proxies in a list. */
export type TrustProxy = false | number | { has(address: string): boolean };

/** Source of a connection whose address the system no longer knows. */
const UNKNOWN_SOURCE = 'unknown';

/** The canonical form of a peer's address. */
export const peerOf = (address: string | undefined): string =>
  (address === undefined ? null : readAddress(address)) ?? UNKNOWN_SOURCE;

/** Cached, because a connection that is kept alive carries many requests. */
const peers = new WeakMap<object, string>();

const peerOfSocket = (socket: IncomingMessage['socket']): string => {
  const known = peers.get(socket);
  if (known !== undefined) return known;
  const peer = peerOf(socket.remoteAddress);
  peers.set(socket, peer);
  return peer;
};

const isTrusted = (trust: TrustProxy, address: string, hop: number): boolean =>
  typeof trust === 'object' ? trust.has(address) : hop < Number(trust);

/** The source address of a request, seen through trusted proxies, up to the first entry that is not an address. */
export const createSourceReader =
  (trust: TrustProxy) =>
  ({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string => {
    let source = peerOfSocket(socket);
    const forwarded = headers['x-forwarded-for'];
    if (trust === false || forwarded === undefined) return source;
    for (const [hop, entry] of String(forwarded).split(',').reverse().entries()) {
      const next = isTrusted(trust, source, hop) ? readAddress(entry.trim()) : null;
      if (next === null) return source;
      source = next;
    }
    return source;
  };
