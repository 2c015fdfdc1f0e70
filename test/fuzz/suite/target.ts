import { connect } from 'node:net';
import { CALLBACK_SECRET } from '../../faults/suite/numbered.ts';
import { readQueues, type Stored } from '../../faults/suite/stock.ts';
import { ReceiverProcess } from '../../support/receiver-process.ts';
import { openSingle } from '../../support/topologies/open-single.ts';
import type { FuzzRequest } from './requests.ts';

/** A receiver of its own, as a real process, that can be shot at. */
export type Target = AsyncDisposable & {
  /** Writes the request on a bare socket and gives what is wrong with the answer; nothing, if all is well. */
  readonly shoot: (request: FuzzRequest) => Promise<string[]>;
  readonly receiver: ReceiverProcess;
  /** Everything that got onto a queue. */
  readonly stored: () => Promise<Stored[]>;
};

const PREFIX = 'fuzz';
const PATIENCE_MS = 5000;

/** A half-closed connection gets no answer that takes a moment, so the end is sent only when none seems to come. */
const END_AFTER_MS = 50;

/** Writes the chunks, says a little later that no more will come, and reads until the server has closed. */
const talk = (port: number, chunks: readonly Uint8Array[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    const tooLate = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection was still open after ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    socket.on('data', (data) => received.push(data));
    socket.on('end', () => socket.end());
    socket.on('error', () => undefined); // a server may hang up on what it does not want to read
    const enough = setTimeout(() => socket.end(), END_AFTER_MS);
    socket.on('close', () => {
      clearTimeout(tooLate);
      clearTimeout(enough);
      resolve(Buffer.concat(received).toString('latin1'));
    });
    for (const chunk of chunks) socket.write(chunk);
  });

const statusesOf = (answer: string): number[] =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));

const complain = ({ mayBeTaken }: FuzzRequest, statuses: readonly number[]): string[] =>
  statuses
    .filter((status) => status >= 500 || (status >= 200 && status < 300 && !mayBeTaken))
    .map((status) => `it was answered ${status}`);

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
  await receiver.untilReady(PATIENCE_MS);
  const port = Number(new URL(receiver.publicUrl).port);
  const shoot = async (request: FuzzRequest): Promise<string[]> => {
    try {
      return complain(request, statusesOf(await talk(port, request.chunks)));
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
  return { shoot, receiver, stored, [Symbol.asyncDispose]: () => kept.disposeAsync() };
};
