import { generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createPaycoolsClient, type PaycoolsClientOptions } from '../../src/client/index.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const privateKey: string = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
export const APP_ID = 'f90addc4861540ef9312e87d8f360e08';

/** A request that the server received. */
type Received = { readonly method: string; readonly url: URL; readonly body: string };

export type Listening = AsyncDisposable & { readonly url: string; readonly received: readonly Received[] };

const listen = async (listener: RequestListener): Promise<{ url: string } & AsyncDisposable> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers the n-th request with the n-th answer, and the last one from then on. */
export const serve = async (...answers: readonly Answer[]): Promise<Listening> => {
  const received: Received[] = [];
  const server = await listen(async (request, response) => {
    const body = await text(request);
    received.push({ method: request.method ?? '', url: new URL(request.url ?? '', 'http://server'), body });
    answers[Math.min(received.length, answers.length) - 1]?.(response, request);
  });
  return { ...server, received, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
};

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

export const success = (data: unknown): Answer => json({ code: 1000, message: 'success', data });
export const refusal = (code: number | string): Answer => json({ code, message: 'no', data: null });
export const hangUp: Answer = (response) => {
  response.destroy();
};
export const silence: Answer = () => {};

/** A client that retries without waiting. */
export const clientFor = (url: string, options: Partial<PaycoolsClientOptions> = {}) =>
  createPaycoolsClient({
    baseUrl: url,
    appId: APP_ID,
    appName: 'Shop',
    privateKey,
    timeoutMs: 3000,
    retry: { attempts: 3, baseMs: 1, maxMs: 2 },
    ...options,
  });

/** Checks a signature with node:crypto alone. */
export const isSigned = (signedText: string, sign: unknown): boolean =>
  verify('sha256', Buffer.from(signedText), pair.publicKey, Buffer.from(String(sign), 'base64'));

/** The reason for which a promise was rejected. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error('the promise was fulfilled'),
    (error: unknown) => error,
  );

export const payoutRequest = {
  mchOrderId: 'P1',
  idempotencyId: 'idem000001',
  amount: 50_010,
  payMethodCode: 'BANK',
  bankCode: 'BDO',
  accountNo: '001122334455',
  accountName: 'Juan dela Cruz',
} as const;

/** Collects the rows of a statement. */
export const collect = async <Row>(rows: AsyncIterable<Row>): Promise<readonly Row[]> => {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
};
