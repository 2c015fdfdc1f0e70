import { rmSync } from 'node:fs';
import { Redis } from 'ioredis';
import { freePort, type RedisServer, startRedis } from '../../../scripts/redis-server.ts';
import { end, track } from '../children.ts';

export type RedisNodeOptions = {
  readonly dataDir: string;
  /** More configuration, as on the command line of redis-server. */
  readonly args?: readonly string[];
  readonly port?: number;
};

/** A replica gets its copy at once, instead of after a wait for more replicas. */
export const REPLICATE_AT_ONCE = ['--repl-diskless-sync-delay', '0'];

const say = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};

/** One redis-server that can be killed, stopped and started again, always with the same port and data. */
export class RedisNode implements AsyncDisposable {
  readonly port: number;
  /** The suite's client, which waits while the node is down. */
  readonly admin: Redis;
  readonly #options: RedisNodeOptions;
  #server: RedisServer | undefined;

  private constructor(port: number, options: RedisNodeOptions) {
    this.port = port;
    this.#options = options;
    this.admin = new Redis({
      port,
      host: '127.0.0.1',
      maxRetriesPerRequest: null,
      retryStrategy: () => 50,
      lazyConnect: true,
    });
    this.admin.on('error', () => undefined);
  }

  /** Process id, different after every start. */
  get pid(): number {
    return this.#server?.process.pid ?? 0;
  }

  static async start(options: RedisNodeOptions): Promise<RedisNode> {
    const node = new RedisNode(options.port ?? (await freePort()), options);
    await node.start();
    return node;
  }

  /** @param args configuration for this start only */
  async start(args: readonly string[] = []): Promise<void> {
    const all = [...(this.#options.args ?? []), ...args];
    this.#server = await startRedis({ dataDir: this.#options.dataDir, port: this.port, say, args: all });
    track(this.#server.process);
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Suspends it: connections stay open without replies. */
  hang(): void {
    this.#server?.process.kill('SIGSTOP');
  }

  resume(): void {
    this.#server?.process.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.admin.disconnect();
    await this.#end('SIGKILL');
    rmSync(this.#options.dataDir, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#server !== undefined) await end(this.#server.process, signal);
  }
}
