import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

type Pair = { readonly client: Socket; readonly upstream: Socket };

/** What happens to bytes and to new connections. */
type Mode = 'forward' | 'hold' | 'refuse';

/** Delay in each direction, in milliseconds. */
type Delays = { readonly requests: number; readonly replies: number };

const NO_DELAYS: Delays = { requests: 0, replies: 0 };

/** A proxy on loopback that can cut, hold, forget and delay its connections. */
export class TcpProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  #targetPort: number;
  readonly #pairs = new Set<Pair>();
  readonly #forgotten = new Set<Pair>();
  #mode: Mode = 'forward';
  #delaysMs: Delays = NO_DELAYS;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.#open(client));
  }

  /** @param at its address; default a free port of 127.0.0.1 */
  static async start(targetPort: number, at: { readonly host?: string; readonly port?: number } = {}) {
    const server = createServer().listen(at.port ?? 0, at.host ?? '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, targetPort);
  }

  /** Cuts every connection, and each new one until {@link heal}. */
  cut(): void {
    this.#mode = 'refuse';
    for (const pair of this.#pairs) this.#close(pair);
  }

  /** Keeps connections open and accepts new ones, but holds back all bytes until {@link heal}. */
  hold(): void {
    this.#mode = 'hold';
    for (const { client, upstream } of this.#pairs) {
      client.pause();
      upstream.pause();
    }
  }

  /** Leaves every connection half-open for good, as a router that lost its table does. New connections work. */
  forget(): void {
    for (const pair of this.#pairs) {
      for (const socket of [pair.client, pair.upstream]) socket.removeAllListeners('data').resume();
      this.#pairs.delete(pair);
      this.#forgotten.add(pair);
    }
  }

  /** The port that new connections lead to. */
  get targetPort(): number {
    return this.#targetPort;
  }

  /** Leads new connections to another port. Open ones are not moved. */
  pointTo(targetPort: number): void {
    this.#targetPort = targetPort;
  }

  /** Delays each direction. */
  delay(milliseconds: number): void {
    this.#delaysMs = { requests: milliseconds, replies: milliseconds };
  }

  /** Delays replies only. */
  delayReplies(milliseconds: number): void {
    this.#delaysMs = { requests: 0, replies: milliseconds };
  }

  heal(): void {
    this.#mode = 'forward';
    this.#delaysMs = NO_DELAYS;
    for (const { client, upstream } of this.#pairs) {
      client.resume();
      upstream.resume();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pair of [...this.#pairs, ...this.#forgotten]) this.#close(pair);
    this.#server.close();
    await once(this.#server, 'close');
  }

  #open(client: Socket): void {
    if (this.#mode === 'refuse') {
      client.on('error', () => undefined).destroy();
      return;
    }
    const pair = { client, upstream: connect({ port: this.#targetPort, host: '127.0.0.1', noDelay: true }) };
    this.#pairs.add(pair);
    client.setNoDelay(true);
    this.#pass(pair, 'requests');
    this.#pass(pair, 'replies');
    if (this.#mode === 'hold') client.pause();
  }

  #pass(pair: Pair, what: keyof Delays): void {
    const [from, to] = what === 'requests' ? [pair.client, pair.upstream] : [pair.upstream, pair.client];
    const isAlive = (): boolean => this.#pairs.has(pair);
    let inFlight = 0;
    let last: Promise<unknown> = Promise.resolve();
    from.on('data', (bytes) => {
      if (this.#delaysMs[what] === 0 && inFlight === 0) {
        to.write(bytes);
        return;
      }
      inFlight += 1;
      const delay = sleep(this.#delaysMs[what]);
      last = Promise.all([last, delay]).then(() => {
        inFlight -= 1;
        if (isAlive()) to.write(bytes);
      });
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      if (isAlive()) this.#close(pair);
    });
  }

  #close(pair: Pair): void {
    this.#pairs.delete(pair);
    this.#forgotten.delete(pair);
    pair.client.destroy();
    pair.upstream.destroy();
  }
}
