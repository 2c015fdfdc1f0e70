import { createServer, type RequestListener, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Connections } from './connections.ts';

/**
 * How long a request may take from its first byte until head and body are complete, and a new connection until that
 * first byte, in milliseconds.
 */
const REQUEST_TIMEOUT_MS = 10_000;
/** How often Node.js checks for late requests, in milliseconds; each may exceed the limit by this much. */
const CHECK_MS = 500;

export type ServerOptions = {
  /** How long an idle connection stays open, in milliseconds. */
  readonly keepAliveTimeoutMs: number;
  readonly connections: Connections;
};

/** Creates Node.js's server with every time limit set, and tracks its connections. */
export const createHttpServer = (
  handle: RequestListener,
  { keepAliveTimeoutMs, connections }: ServerOptions,
): Server => {
  const server = createServer(
    {
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: keepAliveTimeoutMs,
      requireHostHeader: false, // Node.js would refuse such requests itself, with an empty 400
    },
    (request, response) => {
      const { socket } = request;
      connections.beginRequest(socket);
      response.once('close', () => connections.setActivity(socket, 'idle'));
      handle(request, response);
    },
  );
  server.on('connection', (socket) => connections.add(socket));
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  return server;
};

type Closable = Pick<Connections, 'closeIdle' | 'closeAll'>;

/** How long a connection that has sent nothing yet may send a request while the listener closes, in milliseconds. */
const FIRST_REQUEST_MS = 1000;

/** How often the remaining connections are cut once their time is up, in milliseconds: handlers are waited for. */
const CUT_MS = 100;

/** When the listener closes, lets requests finish, and cuts the connections that remain after `cutAfterMs`. */
export const cutConnectionsAtClose = (app: FastifyInstance, connections: Closable, cutAfterMs: number): void => {
  const timers: NodeJS.Timeout[] = [];
  app.addHook('preClose', async () => {
    timers.push(setTimeout(() => connections.closeIdle(), Math.min(FIRST_REQUEST_MS, cutAfterMs)));
    const cut = (): void => {
      connections.closeAll();
      timers.push(setTimeout(cut, CUT_MS));
    };
    timers.push(setTimeout(cut, cutAfterMs));
  });
  // Closing would wait for a connection that is kept alive after its last reply.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (timers.length > 0) reply.header('connection', 'close');
    done();
  });
  app.addHook('onClose', async () => {
    for (const timer of timers) clearTimeout(timer);
  });
};
