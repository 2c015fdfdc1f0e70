import type { PaycoolsClient } from '../src/client/index.ts';
import type { Secret } from '../src/core/secret.ts';
import { freshExample } from '../src/products/fresh-example.ts';
import { products } from '../src/products/registry.ts';
import { signCallback } from '../src/verify/callback.ts';
import { say } from './terminal.ts';

const post = async (url: string, body: string): Promise<string> => {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return `${answer.status} ${await answer.text()}`;
};

/** Sends one callback of every kind, each about a new subject, and the first of them a second time. */
export const sendExamples = async (baseUrl: string, secret: Secret): Promise<void> => {
  const mark = Date.now().toString(36);
  const examples = products.flatMap(({ product, notifications, paymentVerifications }) => [
    ...notifications.flatMap((it) => it.examples.slice(0, 1).map(({ fields }) => ({ product, fields }))),
    ...paymentVerifications.map(({ example }) => ({ product, fields: example })),
  ]);
  const bodies = examples.map(({ product, fields }, index) => ({
    url: `${baseUrl}/callbacks/${product}`,
    name: `${fields['eventName'] ?? product}`,
    body: signCallback(freshExample(fields, `${mark}${index}`), secret),
  }));
  for (const { url, name, body } of bodies) say('paycools', `${name}  →  ${await post(url, body)}`);
  const [first] = bodies;
  if (first !== undefined) say('paycools', `${first.name} again  →  ${await post(first.url, first.body)}`);
};

/** Creates a payout through the client: the sandbox accepts it and calls back. */
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
