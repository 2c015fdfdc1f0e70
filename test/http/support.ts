import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { payoutFields, post, sign } from '../support/callback.ts';
import { startTestService, type TestService } from '../support/service.ts';

export const genuine = sign(payoutFields());
export const forged = sign(payoutFields(), 'another');

/** The head of a callback with a body of this length. */
export const head = (length: number | string, more = ''): string =>
  `POST /callbacks/payout HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${more}\r\n`;

/** Bare sockets to a service. */
export type Sockets = TestService & {
  /** Opens a connection, on which errors are expected. */
  readonly open: () => Promise<Socket>;
  /** Writes bytes and returns everything received until the server closes the connection. */
  readonly talk: (...chunks: readonly (string | Uint8Array)[]) => Promise<string>;
  /** Sends a genuine callback over a new connection. */
  readonly isHealthy: () => Promise<boolean>;
  /** The value of a metric, labels included in its name. */
  readonly metric: (name: string) => Promise<number>;
  /** The log lines with this message. */
  readonly logged: (msg: string) => Record<string, unknown>[];
};

/** Everything received until the connection is closed. */
export const readAll = async (socket: Socket): Promise<string> => {
  const received: Buffer[] = [];
  socket.on('data', (data) => received.push(data));
  await once(socket, 'close');
  return Buffer.concat(received).toString();
};

export const startSockets = async (env: Record<string, string> = {}): Promise<Sockets> => {
  const service = await startTestService({ env });
  const port = Number(new URL(service.publicUrl).port);
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy()); // an unread socket remains open after its peer has closed it
    await once(socket, 'connect');
    return socket;
  };
  return {
    ...service,
    open,
    talk: async (...chunks) => {
      const socket = await open();
      for (const chunk of chunks) socket.write(chunk);
      return readAll(socket);
    },
    isHealthy: async () => {
      const answer = await post(`${service.publicUrl}/callbacks/payout`, genuine, { connection: 'close' });
      return answer.status === 200;
    },
    metric: async (name) => {
      const text = await (await fetch(`${service.opsUrl}/metrics`)).text();
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length),
      );
    },
    logged: (msg) =>
      service.logLines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['msg'] === msg),
  };
};
