import type { Socket } from 'node:net';
import { peerOf } from './source.ts';

export type ConnectionsOptions = {
  /** Maximum number of connections. */
  readonly max: number;
  /** Called with the address of each connection that is closed because there are too many. */
  readonly onEvicted: (address: string) => void;
};

/** What a connection is doing: nothing, receiving or sending, or being handled (never interrupted). */
type Activity = 'idle' | 'transferring' | 'handling';

type Connection = {
  readonly address: string;
  activity: Activity;
  /** When its activity began, from `performance.now()`. */
  since: number;
  /** Whether it has ever carried a genuine callback. */
  isTrusted: boolean;
  /** The queue in which it waits to be closed for a new connection; null while it must not be interrupted. */
  queue: Set<Socket> | null;
};

/** Connections that may be closed for a new one. A set keeps the order of insertion, so its first one waits longest. */
type EvictionQueues = Readonly<Record<Exclude<Activity, 'handling'>, Set<Socket>>>;

const createQueues = (): EvictionQueues => ({ idle: new Set(), transferring: new Set() });

/** How long an idle stranger is spared, because its next request may be on its way; in milliseconds. */
const GRACE_MS = 1000;

/**
 * The connections of a listener. At its limit, Node.js itself would refuse new ones, so anyone who holds enough of them
 * open could lock out PayCools. Here a new connection replaces another one, first of all one that never carried a genuine
 * callback.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #connections = new Map<Socket, Connection>();
  readonly #trusted = createQueues();
  readonly #strangers = createQueues();
  /** Connections whose current request has been reported as refused; some may be closed already. */
  readonly #refused = new WeakSet<Socket>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** Adds a new connection. If there are too many, closes another one, or else this one. */
  add(socket: Socket): void {
    const connection: Connection = {
      address: peerOf(socket.remoteAddress),
      activity: 'idle',
      since: performance.now(),
      isTrusted: false,
      queue: null,
    };
    this.#connections.set(socket, connection);
    socket.once('close', () => this.#forget(socket));
    if (this.#connections.size > this.#options.max) this.#evict(socket);
    if (this.#connections.has(socket)) this.#enqueue(socket, connection);
  }

  /** The address that a connection came from. */
  addressOf(socket: Socket): string {
    return this.#connections.get(socket)?.address ?? peerOf(socket.remoteAddress);
  }

  /** Records that a connection begins a new request. */
  beginRequest(socket: Socket): void {
    this.#refused.delete(socket);
    this.setActivity(socket, 'transferring');
  }

  /** Records what a connection is doing now. */
  setActivity(socket: Socket, activity: Activity): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    connection.activity = activity;
    connection.since = performance.now();
    this.#enqueue(socket, connection);
  }

  /** Records that a connection carried a genuine callback. */
  trust(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined || connection.isTrusted) return;
    connection.isTrusted = true;
    this.#enqueue(socket, connection);
  }

  /** Whether this is the first refusal of the current request: a broken connection may report itself twice. */
  isFirstRefusal(socket: Socket): boolean {
    const isFirst = !this.#refused.has(socket);
    this.#refused.add(socket);
    return isFirst;
  }

  /** Closes the idle connections. */
  closeIdle(): void {
    for (const [socket, { activity }] of this.#connections) if (activity === 'idle') socket.destroy();
  }

  /** Closes all connections except those whose request is being handled. */
  closeAll(): void {
    for (const [socket, { activity }] of this.#connections) if (activity !== 'handling') socket.destroy();
  }

  /** Puts a connection at the end of the queue that it belongs to. */
  #enqueue(socket: Socket, connection: Connection): void {
    connection.queue?.delete(socket);
    const { activity, isTrusted } = connection;
    connection.queue = activity === 'handling' ? null : (isTrusted ? this.#trusted : this.#strangers)[activity];
    connection.queue?.add(socket);
  }

  #evict(newcomer: Socket): void {
    const victim = this.#findVictim() ?? newcomer;
    this.#options.onEvicted(this.addressOf(victim));
    victim.destroy();
    this.#forget(victim);
  }

  /** Idle strangers go first, unless their next request may be on its way: then the oldest stranger. */
  #findVictim(): Socket | undefined {
    const idle = firstOf(this.#strangers.idle);
    const transferring = firstOf(this.#strangers.transferring);
    if (idle === undefined || transferring === undefined) {
      return idle ?? transferring ?? firstOf(this.#trusted.idle) ?? firstOf(this.#trusted.transferring);
    }
    const idleSince = this.#connections.get(idle)?.since ?? 0;
    const isOlder = idleSince <= (this.#connections.get(transferring)?.since ?? 0);
    return isOlder || performance.now() - idleSince >= GRACE_MS ? idle : transferring;
  }

  #forget(socket: Socket): void {
    this.#connections.get(socket)?.queue?.delete(socket);
    this.#connections.delete(socket);
  }
}

const firstOf = (queue: Set<Socket>): Socket | undefined => queue.values().next().value;
