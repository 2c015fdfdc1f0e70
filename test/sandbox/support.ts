import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createPaycoolsClient, type PaycoolsClientOptions, Secret } from '../../src/client/index.ts';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { verifyCallback } from '../../src/verify/callback.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const merchantKey = pair.privateKey;
export const APP_ID = 'f90addc4861540ef9312e87d8f360e08';
const SECRET = 'callback-secret';

/** A callback as the merchant's receiver gets it. */
type Arrived = { readonly fields: Readonly<Record<string, unknown>>; readonly isGenuine: boolean };

export const startReceiver = async (answer: string = '{"code":1,"msg":"success","data":{}}') => {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    arrived.push({
      fields: JSON.parse(body.toString()),
      isGenuine: verifyCallback(body, { secrets: [new Secret(SECRET)] }),
    });
    response.setHeader('content-type', 'application/json').end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    arrived,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** The merchant's private key, as in its environment variable. */
export const PRIVATE_KEY = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

/** The variables with which the service calls the sandbox. */
export const apiEnv = (baseUrl: string) => ({
  PAYCOOLS_BASE_URL: baseUrl,
  PAYCOOLS_APP_ID: APP_ID,
  PAYCOOLS_PRIVATE_KEY: PRIVATE_KEY,
});

export const sandboxWith = (options: Partial<SandboxOptions> = {}) =>
  startSandbox({
    appId: APP_ID,
    publicKey: pair.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    callbackSecret: SECRET,
    ...options,
  });

export const clientOf = (url: string, options: Partial<PaycoolsClientOptions> = {}) =>
  createPaycoolsClient({
    baseUrl: url,
    appId: APP_ID,
    appName: 'Shop',
    privateKey: PRIVATE_KEY,
    timeoutMs: 5000,
    retry: { attempts: 3, baseMs: 1, maxMs: 2 },
    ...options,
  });

/** Starts a sandbox, a receiver and a client of both. */
export const startAll = async (
  options: Partial<SandboxOptions> = {},
  clientOptions: Partial<PaycoolsClientOptions> = {},
) => {
  const receiver = await startReceiver();
  const sandbox = await sandboxWith({ callbackUrl: receiver.url, ...options });
  return {
    receiver,
    sandbox,
    client: clientOf(sandbox.url, clientOptions),
    [Symbol.asyncDispose]: async () => {
      await sandbox[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    },
  };
};

let count = 0;
const next = (prefix: string): string => {
  count += 1;
  return `${prefix}${String(count).padStart(8, '0')}`;
};

/** Valid requests, each with a different order. */
export const payoutOf = (amount: number) => ({
  mchOrderId: next('P'),
  idempotencyId: next('idem'),
  amount,
  payMethodCode: 'BANK' as const,
  bankCode: 'BDO',
  accountNo: '001122334455',
  accountName: 'Juan dela Cruz',
});

export const webPaymentOf = (amount: number, callbackUrl: string) => ({
  mchOrderId: next('W'),
  amount,
  channelCode: 'GCASH_URL',
  email: 'a@b.ph',
  mobile: '09123456789',
  callbackUrl,
  redirectUrl: 'https://shop.example/thanks',
});

export const checkoutOf = (amount: number, notifyUrl: string) => ({
  mchOrderId: next('K'),
  amount,
  customerName: 'Juan dela Cruz',
  email: 'a@b.ph',
  mobile: '09123456789',
  notifyUrl,
  redirectUrl: 'https://shop.example/thanks',
});

export const refundOf = (originalTransactionId: string, refundAmount: number, refundCallbackUrl: string) => ({
  mchRefundOrderId: next('MR'),
  originalTransactionId,
  refundAmount,
  refundCallbackUrl,
});

export const holderOf = (channelCode: string) => ({
  mchOrderId: next('A'),
  customerName: 'Juan dela Cruz',
  email: 'a@b.ph',
  channelCode,
});

export const authorizationOf = (notifyUrl: string, requestId: string = `${next('Q')}x`) => ({
  userId: next('U'),
  requestId,
  channelCode: 'PH_GCASH_DIRECT_DEBIT',
  terminalType: 'WEB' as const,
  notifyUrl,
  redirectUrl: 'https://shop.example/thanks',
});

export const directDebitOf = (amount: number, payToken: string, callbackUrl: string) => ({
  mchOrderId: next('D'),
  amount,
  channelCode: 'PH_GCASH_DIRECT_DEBIT',
  payToken,
  callbackUrl,
});

export const dynamicQrOf = (amount: number) => ({
  mchOrderId: next('Q'),
  customerName: 'Juan dela Cruz',
  channelCode: 'QRPH_DYNAMIC_QR' as const,
  amount,
});
