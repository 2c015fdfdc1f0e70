import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { JsonRecord } from '../../../src/core/json.ts';
import { Secret } from '../../../src/core/secret.ts';
import { freshExample } from '../../../src/products/fresh-example.ts';
import { products } from '../../../src/products/registry.ts';
import { signCallback, signEnvelope } from '../../../src/verify/callback.ts';

/** The callback secret of load, receiver and peers. */
export const SECRET = 'bench-secret-not-real';

/** A range of numbered callbacks, each about a different subject. */
export type Batch = {
  readonly first: number;
  readonly count: number;
  /** PEM of the key that signs envelopes; null for flat bodies. */
  readonly privateKey: string | null;
  /** Number of families that alternate. */
  readonly families: number;
};

type Template = { readonly product: string; readonly fields: JsonRecord };

/** Documented callbacks about transactions and refunds, one per family. */
const templates: readonly Template[] = products.flatMap(({ product, notifications }) => {
  const fields = notifications[0]?.examples[0]?.fields ?? {};
  return 'transactionId' in fields || 'refundTransactionId' in fields ? [{ product, fields }] : [];
});

export const FAMILIES = templates.length;

export type SignedBody = { readonly product: string; readonly body: string };

const secret = new Secret(SECRET);

const bodyAt = ({ families }: Batch, key: KeyObject | null, index: number): SignedBody => {
  const template = templates[index % Math.min(families, FAMILIES)];
  if (template === undefined) throw new Error('there are no families');
  const fields = freshExample(template.fields, index.toString(36));
  return { product: template.product, body: key === null ? signCallback(fields, secret) : signEnvelope(fields, key) };
};

export const bodiesOf = (batch: Batch): SignedBody[] => {
  const key = batch.privateKey === null ? null : createPrivateKey(batch.privateKey);
  return Array.from({ length: batch.count }, (_, offset) => bodyAt(batch, key, batch.first + offset));
};

/** Whole HTTP requests, prepared before the measurement. Every contender gets the same bytes. */
export const requestsOf = (batch: Batch): Buffer[] =>
  bodiesOf(batch).map(({ product, body }) => {
    const head = [
      `POST /callbacks/${product} HTTP/1.1`,
      'host: 127.0.0.1',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
