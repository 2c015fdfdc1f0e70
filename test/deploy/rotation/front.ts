import { createServer, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '../../support/listen.ts';

export type Front = AsyncDisposable & {
  readonly url: string;
  /** Addresses of the receivers that get requests. */
  targets: readonly string[];
};

const forward = (target: string, { url = '/', method = 'GET', headers }: IncomingMessage, body: Buffer) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(url, target), { method, headers, agent: false }, resolve).once('error', reject).end(body);
  });

/** A load balancer: each request goes to the next receiver on a new connection. */
export const startFront = async (): Promise<Front> => {
  let turn = 0;
  const server = createServer(async (incoming, response) => {
    turn += 1;
    const target = front.targets[turn % front.targets.length] ?? '';
    try {
      const reply = await forward(target, incoming, await buffer(incoming));
      response.writeHead(reply.statusCode ?? 502, reply.headers).end(await buffer(reply));
    } catch {
      response.writeHead(502).end();
    }
  });
  const front: Front = {
    url: `http://127.0.0.1:${await listen(server)}`,
    targets: [],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return front;
};
