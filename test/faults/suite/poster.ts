import { Agent, request } from 'node:http';

/** A status, or why there was none, such as `ECONNRESET` or `timeout`. */
export type Answer = number | string;

export type Posted = { readonly answer: Answer; readonly ms: number };

export type PosterOptions = {
  readonly url: string;
  readonly connections: number;
  /** How long a caller waits before it gives up, in milliseconds. */
  readonly patienceMs: number;
};

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.message);

/** Posts bodies over a bounded number of connections that are kept open. */
export class Poster implements Disposable {
  readonly #agent: Agent;
  readonly #options: PosterOptions;

  constructor(options: PosterOptions) {
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  }

  async post(body: string): Promise<Posted> {
    const started = performance.now();
    const answer = await this.#send(body).catch(codeOf);
    return { answer, ms: performance.now() - started };
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  #send(body: string): Promise<Answer> {
    const { url, patienceMs } = this.#options;
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const call = request(url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        response.on('error', reject);
        response.on('end', () => resolve(response.statusCode ?? 'no status'));
        response.resume();
      });
      call.setTimeout(patienceMs, () => call.destroy(new Error('timeout')));
      call.on('error', reject);
      call.end(body);
    });
  }
}
