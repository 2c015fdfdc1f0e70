import { connect } from 'node:net';
import { CALLBACK_SECRET } from '../../faults/suite/numbered.ts';
import { readQueues, type Stored } from '../../faults/suite/stock.ts';
import { ReceiverProcess } from '../../support/receiver-process.ts';
import { openSingle } from '../../support/topologies/open-single.ts';
import type { FuzzRequest } from './requests.ts';

/** A receiver in its own process, and how to send it requests. */
export type Target = AsyncDisposable & {
  /** Writes the request on a bare socket. Returns complaints about the reply. */
  readonly send: (request: FuzzRequest) => Promise<string[]>;
  readonly receiver: ReceiverProcess;
  /** Everything on the queues. */
  readonly stored: () => Promise<Stored[]>;
};

const PREFIX = 'fuzz';
const TIMEOUT_MS = 5000;

/** A half-closed connection gets no late reply, so the end is sent only when none seems to come. In milliseconds. */
const END_AFTER_MS = 50;

/** Writes the chunks, ends the connection a little later, and reads until the server has closed it. */
const exchange = (port: number, chunks: readonly Uint8Array[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    const tooLate = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection was still open after ${TIMEOUT_MS} ms`));
    }, TIMEOUT_MS);
    socket.on('data', (data) => received.push(data));
    socket.on('end', () => socket.end());
    socket.on('error', () => undefined); // a server may close without reading everything
    const ending = setTimeout(() => socket.end(), END_AFTER_MS);
    socket.on('close', () => {
      clearTimeout(tooLate);
      clearTimeout(ending);
      resolve(Buffer.concat(received).toString('latin1'));
    });
    for (const chunk of chunks) socket.write(chunk);
  });

const statusesOf = (reply: string): number[] =>
  [...reply.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));

const complain = ({ mayBeAccepted }: FuzzRequest, statuses: readonly number[]): string[] =>
  statuses
    .filter((status) => status >= 500 || (status >= 200 && status < 300 && !mayBeAccepted))
    .map((status) => `the reply was ${status}`);

/** Starts a receiver and its Redis. */
export const openTarget = async (): Promise<Target> => {
  await using stack = new AsyncDisposableStack();
  const topology = stack.use(await openSingle());
  const env = {
    PAYCOOLS_CALLBACK_SECRET: CALLBACK_SECRET,
    QUEUE_PREFIX: PREFIX,
    REDIS_URL: topology.url,
    SPOOL_DIR: 'off',
    ...topology.env,
  };
  const receiver = stack.use(await ReceiverProcess.start({ env }));
  await receiver.untilReady(TIMEOUT_MS);
  const port = Number(new URL(receiver.publicUrl).port);
  const send = async (request: FuzzRequest): Promise<string[]> => {
    try {
      return complain(request, statusesOf(await exchange(port, request.chunks)));
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  };
  const stored = async (): Promise<Stored[]> => {
    const client = await topology.connect();
    const found = await readQueues(client, PREFIX);
    client.disconnect();
    return found;
  };
  const kept = stack.move();
  return { send, receiver, stored, [Symbol.asyncDispose]: () => kept.disposeAsync() };
};
