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
  /** Since when it has been doing this. */
  since: number;
  /** Whether it ever carried a genuine callback. */
  isKnown: boolean;
  /** Where it waits to be closed for a new one; null while nobody may interrupt it. */
  place: Set<Socket> | null;
};

/** Connections that may be closed for a new one. Sets keep the order of insertion, so the first has been there for longest. */
type Places = Readonly<Record<Exclude<Activity, 'handling'>, Set<Socket>>>;

const createPlaces = (): Places => ({ idle: new Set(), transferring: new Set() });

/** How long a new connection has to send its first request before it is the first to make room, in milliseconds. */
const GRACE_MS = 1000;

/**
 * The connections of a listener. Node.js itself would turn new ones away when there are too many, so whoever holds them
 * open would lock out PayCools; here a new one takes the place of one that has shown no callback.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #connections = new Map<Socket, Connection>();
  readonly #known = createPlaces();
  readonly #strange = createPlaces();
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
      since: performance.now(),
      isKnown: false,
      place: null,
    };
    this.#connections.set(socket, connection);
    socket.once('close', () => this.#forget(socket));
    if (this.#connections.size > this.#options.max) this.#evict(socket);
    if (this.#connections.has(socket)) this.#place(socket, connection);
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
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    connection.activity = activity;
    connection.since = performance.now();
    this.#place(socket, connection);
  }

  /** Notes that a connection carried a genuine callback. */
  trust(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined || connection.isKnown) return;
    connection.isKnown = true;
    this.#place(socket, connection);
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

  /** Puts a connection where it belongs, as the last one. */
  #place(socket: Socket, connection: Connection): void {
    connection.place?.delete(socket);
    const { activity, isKnown } = connection;
    connection.place = activity === 'handling' ? null : (isKnown ? this.#known : this.#strange)[activity];
    connection.place?.add(socket);
  }

  #evict(newcomer: Socket): void {
    const victim = this.#victim() ?? newcomer;
    this.#options.onEvicted(this.addressOf(victim));
    victim.destroy();
    this.#forget(victim);
  }

  /** Strangers that are idle go first, unless they are so new that their request may be on its way; then the oldest. */
  #victim(): Socket | undefined {
    const idle = firstOf(this.#strange.idle);
    const transferring = firstOf(this.#strange.transferring);
    if (idle === undefined || transferring === undefined) {
      return idle ?? transferring ?? firstOf(this.#known.idle) ?? firstOf(this.#known.transferring);
    }
    const idleSince = this.#connections.get(idle)?.since ?? 0;
    const isOlder = idleSince <= (this.#connections.get(transferring)?.since ?? 0);
    return isOlder || performance.now() - idleSince >= GRACE_MS ? idle : transferring;
  }

  #forget(socket: Socket): void {
    this.#connections.get(socket)?.place?.delete(socket);
    this.#connections.delete(socket);
  }
}

const firstOf = (place: Set<Socket>): Socket | undefined => place.values().next().value;
