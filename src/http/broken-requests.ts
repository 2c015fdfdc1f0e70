import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ProblemCode, problemOf } from '../core/problems.ts';
import type { Connections } from './connections.ts';
import { PROBLEM_TYPE } from './problem.ts';
import { type Refusal, type RefusalReason, reasonOf } from './refusal.ts';

const CODE_OF_ERROR = new Map<string | undefined, ProblemCode>([
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request-timeout'],
  ['HPE_HEADER_OVERFLOW', 'headers-too-large'],
]);

/** The sender has disconnected. If it had sent a request, that is reported as a visit. */
const DISCONNECTED: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

/** The sender has finished sending in the middle of a request, and may still read. */
const INCOMPLETE_REQUEST = 'HPE_INVALID_EOF_STATE';

/** How long the sender has to read the reply before its connection is closed, in milliseconds. */
const LINGER_MS = 1000;

/**
 * Replies, and closes the connection soon: a sender that never stops would otherwise hold it forever.
 *
 * @returns the status of the reply; null if none can be sent
 */
const replyAndClose = (socket: Socket, code: ProblemCode, requestId: string): number | null => {
  // Written by hand, because there may be no request yet. After a reply that has begun, a second one would be garbage.
  const { _httpMessage: response } = socket as Socket & { _httpMessage?: { headersSent: boolean } | null };
  if (!socket.writable || response?.headersSent === true) {
    socket.destroy();
    return null;
  }
  const problem = problemOf(code, requestId);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
  return problem.status;
};

/** Handles requests that Node.js refuses before their head is complete or while their body is received. */
export const createBrokenRequestHandler =
  (connections: Connections, onRefused: (refusal: Refusal) => void) =>
  (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (DISCONNECTED.has(error.code)) {
      socket.destroy();
      return;
    }
    const code = CODE_OF_ERROR.get(error.code) ?? 'malformed';
    const reason: RefusalReason = error.code === INCOMPLETE_REQUEST ? 'aborted' : reasonOf(code);
    const requestId = randomUUID();
    const source = connections.addressOf(socket);
    const isFirst = connections.isFirstRefusal(socket);
    const status = replyAndClose(socket, code, requestId);
    if (isFirst) onRefused({ requestId, source, reason, status, durationMs: null });
  };
