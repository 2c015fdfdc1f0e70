import type { IncomingMessage } from 'node:http';
import { readAddress } from '../core/ip-address.ts';

/** Whose `X-Forwarded-For` is believed: nobody's, that of N hops, or that of the proxies in a list. */
export type TrustProxy = false | number | { has(address: string): boolean };

/** The source of a connection whose address the system does not give any more. */
const UNKNOWN_SOURCE = 'unknown';

/** The address of the peer itself. */
export const peerOf = (address: string | undefined): string =>
  (address === undefined ? null : readAddress(address)) ?? UNKNOWN_SOURCE;

/** Of connections that stay open, and so bring many requests. */
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

/** The address that a request came from, seen through trusted proxies. What is not an address ends the way back. */
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
