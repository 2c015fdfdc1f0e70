import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** Opens a server on a free port of loopback. Returns the port. */
export const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** An HTTP server that closes when the test ends. */
export const serveHttp = async (listener: RequestListener) => {
  const server = createServer(listener);
  onTestFinished(() => void server.close().closeAllConnections());
  return { server, url: `http://127.0.0.1:${await listen(server)}` };
};
