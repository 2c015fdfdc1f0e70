// The load generator, in its own process: many connections, prepared requests, and as little work per request as possible.
import { connect, type Socket } from 'node:net';
import { type Batch, requestsOf } from './bodies.ts';
import type { LoadResult, LoadTask } from './load.ts';
import { quantile } from './statistics.ts';

const OK = Buffer.from('HTTP/1.1 200');
const HEAD_END = '\r\n\r\n';
const TICK_MS = 1;
/** Connections are new at the start of a run, so latencies count only after this time. */
const RAMP_MS = 500;

let prepared: { readonly key: string; readonly requests: readonly Buffer[] } = { key: '', requests: [] };

const prepare = (batch: Batch): readonly Buffer[] => {
  const key = JSON.stringify(batch);
  if (prepared.key !== key) prepared = { key, requests: requestsOf(batch) };
  return prepared.requests;
};

/** Length of a response with its head; null until the head is complete. */
const responseLength = (bytes: Buffer): number | null => {
  const head = bytes.indexOf(HEAD_END);
  if (head === -1) return null;
  const length = /content-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1];
  return head + HEAD_END.length + Number(length ?? 0);
};

type Connection = { readonly socket: Socket; rest: Buffer; dueAt: number };

/** One measurement: sends requests on all connections until the time is over or no request is left. */
class Run {
  readonly #task: LoadTask;
  readonly #requests: readonly Buffer[];
  readonly #idle: Connection[] = [];
  readonly #due: number[] = [];
  readonly #latencies: number[] = [];
  readonly #started = performance.now();
  #sent = 0;
  #answered = 0;
  #failed = 0;
  #isOver = false;
  #finish: (result: LoadResult) => void = () => undefined;

  constructor(task: LoadTask, requests: readonly Buffer[]) {
    this.#task = task;
    this.#requests = requests;
  }

  go(sockets: readonly Socket[]): Promise<LoadResult> {
    for (const socket of sockets) this.#add({ socket, rest: Buffer.alloc(0), dueAt: 0 });
    if (this.#task.rate === null) for (const _ of sockets) this.#send();
    else this.#sendAtRate(this.#task.rate);
    setTimeout(() => this.#stop(), this.#task.seconds * 1000);
    return new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  #add(connection: Connection): void {
    this.#idle.push(connection);
    connection.socket.on('data', (chunk) => this.#read(connection, chunk));
  }

  /** Sends one request on an idle connection. */
  #send(dueAt = performance.now()): void {
    const connection = this.#idle.pop();
    if (connection === undefined) return;
    const request = this.#requests[this.#task.mayRepeat ? this.#sent % this.#requests.length : this.#sent];
    if (request === undefined) {
      this.#idle.push(connection);
      this.#stop();
      return;
    }
    this.#sent += 1;
    connection.dueAt = dueAt;
    connection.socket.write(request);
  }

  /** Sends requests at a rate, whether earlier ones were answered or not. */
  #sendAtRate(rate: number): void {
    const timer = setInterval(() => {
      const now = performance.now();
      const wanted = Math.floor(((now - this.#started) / 1000) * rate) - this.#sent - this.#due.length;
      for (let index = 0; index < wanted; index += 1) this.#due.push(now);
      while (this.#due.length > 0 && this.#idle.length > 0 && !this.#isOver) this.#send(this.#due.shift());
      if (this.#isOver) clearInterval(timer);
    }, TICK_MS);
  }

  #read(connection: Connection, chunk: Buffer): void {
    const bytes = connection.rest.length === 0 ? chunk : Buffer.concat([connection.rest, chunk]);
    const length = responseLength(bytes);
    if (length === null || bytes.length < length) {
      connection.rest = bytes;
      return;
    }
    connection.rest = Buffer.alloc(0);
    if (bytes.compare(OK, 0, OK.length, 0, OK.length) === 0) this.#answered += 1;
    else this.#failed += 1;
    this.#recordLatency(connection.dueAt);
    this.#idle.push(connection);
    if (this.#isOver) this.#end();
    else if (this.#task.rate === null) this.#send();
    else if (this.#due.length > 0) this.#send(this.#due.shift());
  }

  #recordLatency(dueAt: number): void {
    if (this.#task.rate !== null && dueAt - this.#started >= RAMP_MS) this.#latencies.push(performance.now() - dueAt);
  }

  #stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#end();
  }

  #end(): void {
    if (this.#answered + this.#failed < this.#sent) return;
    const seconds = (performance.now() - this.#started) / 1000;
    const at = (share: number): number => quantile(this.#latencies, share);
    const latencyMs = { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
    this.#finish({ answered: this.#answered, failed: this.#failed, seconds, latencyMs });
  }
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });

const perform = async (task: LoadTask): Promise<LoadResult> => {
  const requests = prepare(task.batch);
  const sockets: Socket[] = [];
  for (const port of task.ports) {
    for (let index = 0; index < task.connections / task.ports.length; index += 1) sockets.push(await open(port));
  }
  globalThis.gc?.(); // otherwise the garbage of the preparation would be collected during the measurement
  process.send?.('ready');
  await new Promise((resolve) => process.once('message', resolve));
  try {
    return await new Run(task, requests).go(sockets);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
};

process.on('message', async (message: LoadTask | 'go') => {
  if (message !== 'go') process.send?.(await perform(message));
});
