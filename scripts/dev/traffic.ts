import { styleText } from 'node:util';
import type { PaycoolsClient } from '../../src/client/index.ts';
import type { Secret } from '../../src/core/secret.ts';
import { freshExample } from '../../src/products/fresh-example.ts';
import { products } from '../../src/products/registry.ts';
import { signCallback } from '../../src/verify/callback.ts';
import { say } from './terminal.ts';

type Callback = { readonly url: string; readonly name: string; readonly body: string };

const post = async ({ url, body }: Callback): Promise<string> => {
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return `${styleText(reply.ok ? 'green' : 'red', String(reply.status))} ${await reply.text()}`;
};

/** One callback of every kind, each about a new subject and addressed to its product. */
const callbacks = (baseUrl: string, secret: Secret): Callback[] => {
  const mark = Date.now().toString(36);
  const examples = products.flatMap(({ product, notifications, paymentVerifications }) => [
    ...notifications.flatMap((it) => it.examples.slice(0, 1).map(({ fields }) => ({ product, fields }))),
    ...paymentVerifications.map(({ example }) => ({ product, fields: example })),
  ]);
  return examples.map(({ product, fields }, index) => ({
    url: `${baseUrl}/callbacks/${product}`,
    name: `${fields['eventName'] ?? product}`,
    body: signCallback(freshExample(fields, `${mark}${index}`), secret),
  }));
};

/**
 * Sends one callback of every kind, then the first one again.
 *
 * @returns the number of events that a worker receives
 */
export const sendExamples = async (baseUrl: string, secret: Secret): Promise<number> => {
  const all = callbacks(baseUrl, secret);
  for (const it of all) say('paycools', `${it.name}  →  ${await post(it)}`);
  const [first] = all;
  if (first !== undefined) say('paycools', `${first.name} again  →  ${await post(first)}`);
  return all.length;
};

/** Returns a function that sends one callback, of the next kind with every call. */
export const createSender = (baseUrl: string, secret: Secret): (() => Promise<void>) => {
  let sent = 0;
  return async () => {
    const all = callbacks(baseUrl, secret);
    const next = all[sent % all.length];
    sent += 1;
    if (next !== undefined) say('paycools', `${next.name}  →  ${await post(next)}`);
  };
};

/** Creates a payout through the client; the sandbox accepts it and sends its callback. */
export const createPayout = async (client: PaycoolsClient): Promise<void> => {
  const mark = Date.now().toString();
  const { transactionId, transactionStatus } = await client.payout.create({
    mchOrderId: `DEV${mark}`,
    idempotencyId: `DEV${mark}`,
    amount: 150_000,
    accountNo: '09171234567',
    accountName: 'Juan Dela Cruz',
    payMethodCode: 'EWALLET',
    ewalletCode: 'GCASH',
  });
  say('client', `payout.create  →  ${transactionId}  ${transactionStatus}`);
};
