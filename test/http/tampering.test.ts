import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonRecord } from '../../src/core/json.ts';
import { Secret } from '../../src/core/secret.ts';
import { products } from '../../src/products/registry.ts';
import { signCallback, signEnvelope } from '../../src/verify/callback.ts';
import { post } from '../support/callback.ts';
import { waitingJobs } from '../support/queues.ts';
import { paycoolsKeys, paycoolsPublicKey } from '../support/samples.ts';
import { SECRET, startTestService } from '../support/service.ts';

const secret = new Secret(SECRET);
const otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });

type Body = Record<string, unknown>;

const changed = (value: unknown): unknown => (typeof value === 'number' ? value + 1 : `${value}x`);

/** Every way to tamper with a signed body that keeps its sign: each field changed, each dropped, one added. */
const withSameSign = (fields: JsonRecord, sign: unknown): [string, Body][] =>
  Object.keys(fields).flatMap((name): [string, Body][] => {
    const { [name]: _, ...dropped } = fields;
    return [
      [`${name} changed`, { ...fields, [name]: changed(fields[name]), sign }],
      [`${name} dropped`, { ...dropped, sign }],
    ];
  });

const signOf = (body: string): unknown => (JSON.parse(body) as Body)['sign'];

/** All forgeries of a flat callback, by what was done to it. */
const flatForgeries = (fields: JsonRecord): [string, string][] => {
  const sign = signOf(signCallback(fields, secret));
  const bodies: [string, Body][] = [
    ...withSameSign(fields, sign),
    ['a field added', { ...fields, zone: 'PH', sign }],
    ['no sign', { ...fields }],
    ['the sign of a subset', { ...fields, sign: signOf(signCallback({ eventName: fields['eventName'] }, secret)) }],
  ];
  return [
    ...bodies.map(([name, body]): [string, string] => [name, JSON.stringify(body)]),
    ['another secret', signCallback(fields, new Secret('another'))],
    ["another merchant's secret", signCallback(fields, new Secret('secret-of-acme'))],
    ['the other scheme with the secret as sign', JSON.stringify({ param: JSON.stringify(fields), sign })],
  ];
};

/** All forgeries of an enveloped callback. */
const envelopeForgeries = (fields: JsonRecord): [string, string][] => {
  const { param, sign } = JSON.parse(signEnvelope(fields, paycoolsKeys.privateKey)) as { param: string; sign: string };
  const tampered = withSameSign(fields, sign).map(([name, { sign: _, ...body }]): [string, Body] => [
    name,
    { param: JSON.stringify(body), sign },
  ]);
  const bodies: [string, Body][] = [
    ...tampered,
    ['a blank added', { param: `${param} `, sign }],
    ['no sign', { param }],
    ['the sign of the other scheme', { param, sign: signOf(signCallback(fields, secret)) }],
    ['the fields taken out', { ...fields, sign }],
  ];
  return [
    ...bodies.map(([name, body]): [string, string] => [`envelope: ${name}`, JSON.stringify(body)]),
    ['envelope: another key', signEnvelope(fields, otherKeys.privateKey)],
  ];
};

const cases = products.flatMap(({ product, notifications, paymentVerifications }) => [
  ...notifications.map(({ examples }) => ({ product, fields: examples[0]?.fields ?? {} })),
  ...paymentVerifications.map(({ example }) => ({ product, fields: example })),
]);

describe('a tampered callback', () => {
  it.each(cases)(
    'of $product ($fields.eventName) is refused with 401, however it was tampered with',
    async ({ product, fields }) => {
      const { publicUrl, namespace } = await startTestService({
        env: { PAYCOOLS_CALLBACK_PUBLIC_KEY: paycoolsPublicKey },
      });
      const forgeries = [...flatForgeries(fields), ...envelopeForgeries(fields)];
      const statuses = await Promise.all(
        forgeries.map(async ([name, body]) => [name, (await post(`${publicUrl}/callbacks/${product}`, body)).status]),
      );
      expect(statuses).toEqual(forgeries.map(([name]) => [name, 401]));
      expect(await waitingJobs(namespace, product)).toEqual([]);
      expect(await waitingJobs(namespace, 'unrecognized')).toEqual([]);
    },
  );

  it('cannot use a scheme that the merchant has no key for', async () => {
    const { publicUrl } = await startTestService();
    const body = signEnvelope(cases[0]?.fields ?? {}, paycoolsKeys.privateKey);
    expect((await post(`${publicUrl}/callbacks`, body)).status).toBe(401);
  });
});
