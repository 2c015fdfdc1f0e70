import type { Socket } from 'node:net';
import { peerOf } from './source.ts';

export type ConnectionsOptions = {
  /** Most connections at a time. */
  readonly max: number;
  /** Called with the address of each connection that is closed because there are too many. */
  readonly onEvicted: (address: string) => void;
};

/** What a connection is doing: nothing, receiving or sending, or waiting for a handler, which nobody may interrupt. */
type Activity = 'idle' | 'transferring' | 'handling';

type Connection = {
  readonly address: string;
  activity: Activity;
  /** Whether it ever carried a genuine callback. */
  isKnown: boolean;
};

const placeOf = ({ activity, isKnown }: Pick<Connection, 'activity' | 'isKnown'>): string =>
  `${isKnown ? 'known' : 'strange'} ${activity}`;

/** Which connections are closed for a new one: these first, among equals the one that has been like this for longest. */
const EVICTION_ORDER = ['strange idle', 'strange transferring', 'known idle', 'known transferring'];

/**
 * The connections of a listener. Node.js itself would turn new ones away when there are too many, so whoever holds them
 * open would lock out PayCools; here a new one takes the place of one that has shown no callback.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #connections = new Map<Socket, Connection>();
  /** Sets keep the order of insertion, so the first is the one that has been there for longest. */
  readonly #places = new Map(EVICTION_ORDER.map((place) => [place, new Set<Socket>()]));

  /** Connections whose present request has been reported as refused; some outlive their place in the list. */
  readonly #refused = new WeakSet<Socket>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** Takes a new connection, and closes another one, or this one, where there are too many. */
  add(socket: Socket): void {
    const connection: Connection = {
      address: peerOf(socket.remoteAddress),
      activity: 'idle',
      isKnown: false,
    };
    this.#connections.set(socket, connection);
    socket.once('close', () => this.#forget(socket));
    if (this.#connections.size > this.#options.max) this.#evict(socket);
    if (this.#connections.has(socket)) this.#places.get(placeOf(connection))?.add(socket);
  }

  /** The address that a connection came from. */
  addressOf(socket: Socket): string {
    return this.#connections.get(socket)?.address ?? peerOf(socket.remoteAddress);
  }

  /** Notes that a new request begins. */
  begin(socket: Socket): void {
    this.#refused.delete(socket);
    this.note(socket, 'transferring');
  }

  /** Notes what a connection is doing now. */
  note(socket: Socket, activity: Activity): void {
    this.#change(socket, { activity });
  }

  /** Notes that a connection carried a genuine callback. */
  trust(socket: Socket): void {
    this.#change(socket, { isKnown: true });
  }

  /** Whether this is the first refusal of the present request: a broken connection may report itself twice. */
  isFirstRefusal(socket: Socket): boolean {
    const isFirst = !this.#refused.has(socket);
    this.#refused.add(socket);
    return isFirst;
  }

  /** Closes the connections that nobody waits for. */
  closeIdle(): void {
    for (const [socket, { activity }] of this.#connections) if (activity === 'idle') socket.destroy();
  }

  /** Closes all connections but those that a handler is at work for. */
  closeAll(): void {
    for (const [socket, { activity }] of this.#connections) if (activity !== 'handling') socket.destroy();
  }

  #change(socket: Socket, change: Partial<Pick<Connection, 'activity' | 'isKnown'>>): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    this.#places.get(placeOf(connection))?.delete(socket);
    Object.assign(connection, change);
    this.#places.get(placeOf(connection))?.add(socket);
  }

  #evict(newcomer: Socket): void {
    const victim =
      [...this.#places.values()]
        .find(({ size }) => size > 0)
        ?.values()
        .next().value ?? newcomer;
    this.#options.onEvicted(this.addressOf(victim));
    victim.destroy();
    this.#forget(victim);
  }

  #forget(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    this.#places.get(placeOf(connection))?.delete(socket);
    this.#connections.delete(socket);
  }
}
