import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostileBodies, ordinaryForgery } from '../support/hostile-bodies.ts';

export type Target = { readonly port: number; readonly signal: AbortSignal };

/** One kind of hostile client, which attacks until the signal is aborted. */
export type Attacker = (target: Target) => Promise<void>;

const headOf = (length: number, path = '/callbacks/payout', more = ''): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${more}\r\n`;

const openTo = ({ port, signal }: Target): Socket => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  const end = (): void => void socket.destroy();
  signal.addEventListener('abort', end, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', end));
  return socket;
};

/** Acts N times per second. */
const atRate =
  (perSecond: number, act: (target: Target, index: number) => void): Attacker =>
  async (target) => {
    for (let index = 0; !target.signal.aborted; index += 1) {
      act(target, index);
      await sleep(1000 / perSecond);
    }
  };

/** Keeps a number of connections open and writes one byte at a time on each. */
const dripping =
  (connections: number, text: string): Attacker =>
  async (target) => {
    const sockets = new Map<Socket, number>();
    while (!target.signal.aborted) {
      while (sockets.size < connections) {
        const socket = openTo(target);
        sockets.set(socket, 0);
        socket.once('close', () => sockets.delete(socket));
      }
      for (const [socket, at] of sockets) {
        const byte = text[at % text.length];
        if (byte !== undefined && socket.writable) socket.write(byte);
        sockets.set(socket, at + 1);
      }
      await sleep(250);
    }
  };

const bodies = [...hostileBodies.values()];

const send = (target: Target, bytes: string): void => void openTo(target).end(bytes);

const post = (target: Target, body: string, path?: string): void =>
  send(target, headOf(Buffer.byteLength(body), path, 'connection: close\r\n') + body);

/** A captured callback, padded differently each time. */
const replay =
  (captured: string) =>
  (target: Target, index: number): void =>
    post(target, `{${' '.repeat(1000 + (index % 60_000))}${captured.slice(1)}`);

/** Every kind of attacker. */
export const attackersWith = (captured: string): readonly Attacker[] => [
  dripping(100, headOf(500)),
  dripping(100, headOf(60_000).padEnd(5000, 'x')),
  atRate(50, (target) => void openTo(target)),
  atRate(50, (target) => void openTo(target).write(headOf(500) + captured.slice(0, 60))),
  atRate(20, (target, index) => post(target, bodies[index % bodies.length] ?? '')),
  atRate(50, (target) => post(target, ordinaryForgery)),
  atRate(20, (target) => post(target, '{}', '//callbacks/payout')),
  atRate(20, (target) => send(target, 'rubbish\r\n\r\n')),
  atRate(20, replay(captured)),
];
