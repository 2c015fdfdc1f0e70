import { createServer, type RequestListener, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Connections } from './connections.ts';

/** A request must be complete, head and body, this long after its first byte; a new connection must send that as soon. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How often Node.js looks for requests that are late: so much later they may be cut. */
const CHECK_MS = 500;

export type ServerOptions = {
  /** How long an idle connection stays open, in milliseconds. */
  readonly keepAliveTimeoutMs: number;
  readonly connections: Connections;
};

/** Creates Node.js's server with every limit on time set, and each of its connections in the list. */
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
      connections.begin(socket);
      response.once('close', () => connections.note(socket, 'idle'));
      handle(request, response);
    },
  );
  server.on('connection', (socket) => connections.add(socket));
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  return server;
};

type Closable = Pick<Connections, 'closeIdle' | 'closeAll'>;

/** How long a connection that has not sent anything yet may still send its first request while the listener closes. */
const FIRST_REQUEST_MS = 1000;

/** How often connections are cut once their time is up: some become idle only then. */
const CUT_MS = 100;

/** Lets requests in flight end when the listener closes, and cuts whoever still sends or reads after `cutAfterMs`. */
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
  // A connection that is kept alive would outlive its last reply, and closing would wait for it.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (timers.length > 0) reply.header('connection', 'close');
    done();
  });
  app.addHook('onClose', async () => {
    for (const timer of timers) clearTimeout(timer);
  });
};
