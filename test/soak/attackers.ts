import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostileBodies, ordinaryForgery } from '../support/hostile-bodies.ts';

export type Target = { readonly port: number; readonly signal: AbortSignal };

/** One kind of hostile client; works until the signal is aborted. */
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

/** Does something N times per second. */
const atRate =
  (perSecond: number, act: (target: Target, index: number) => void): Attacker =>
  async (target) => {
    for (let index = 0; !target.signal.aborted; index += 1) {
      act(target, index);
      await sleep(1000 / perSecond);
    }
  };

/** Keeps connections open, on each of which a byte is written now and then. */
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

const post = (target: Target, bytes: string): void => void openTo(target).end(bytes);

/** A captured callback, padded a little differently each time. */
const replay =
  (captured: string) =>
  (target: Target, index: number): void => {
    const body = `{${' '.repeat(1000 + (index % 60_000))}${captured.slice(1)}`;
    post(target, headOf(body.length, undefined, 'connection: close\r\n') + body);
  };

/** Every kind at once. */
export const attackersWith = (captured: string): readonly Attacker[] => [
  dripping(100, headOf(500)),
  dripping(100, headOf(60_000).padEnd(5000, 'x')),
  atRate(50, (target) => void openTo(target)),
  atRate(50, (target) => void openTo(target).write(headOf(500) + captured.slice(0, 60))),
  atRate(20, (target, index) => {
    const body = bodies[index % bodies.length] ?? '';
    post(target, headOf(Buffer.byteLength(body), undefined, 'connection: close\r\n') + body);
  }),
  atRate(50, (target) =>
    post(target, headOf(ordinaryForgery.length, undefined, 'connection: close\r\n') + ordinaryForgery),
  ),
  atRate(20, (target) => post(target, headOf(2, '//callbacks/payout', 'connection: close\r\n') + '{}')),
  atRate(20, (target) => post(target, 'rubbish\r\n\r\n')),
  atRate(20, replay(captured)),
];
