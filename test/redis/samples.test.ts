import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { productEventSchema, productJsonSchema } from '../../src/products/event.ts';
import { products } from '../../src/products/registry.ts';
import { post } from '../support/callback.ts';
import { waitingEvents, waitingJobs } from '../support/queues.ts';
import { paycoolsPublicKey, samples, signedSample } from '../support/samples.ts';
import { startTestService } from '../support/service.ts';

const NOW = Date.parse('2026-11-24T00:00:00.000Z');
const env = { PAYCOOLS_CALLBACK_PUBLIC_KEY: paycoolsPublicKey };
const events = samples.filter(({ product, name }) => product !== null && !name.includes('verification'));

const expectedEvent = (name: string): unknown => JSON.parse(readFileSync(`test/fixtures/events/${name}.json`, 'utf8'));

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats.default(ajv);
const validators = new Map(products.map((it) => [it.product as string, ajv.compile(productJsonSchema(it))]));

describe('every sample', () => {
  it.each(events)('$name arrives on its queue as the expected event', async ({ name, product, ...sample }) => {
    const { publicUrl, namespace } = await startTestService({ env, now: () => NOW });
    const answer = await post(`${publicUrl}/callbacks/${product}`, signedSample({ name, product, ...sample }));
    const isEnvelope = 'param' in sample.content;
    expect(answer).toMatchObject({
      status: 200,
      body: isEnvelope ? '{"code":10000,"message":"Success"}' : '{"code":1,"msg":"success","data":{}}',
    });
    const [job, ...others] = await waitingJobs(namespace, product ?? '');
    expect(others).toEqual([]);
    expect(job?.data).toEqual(expectedEvent(name));
    expect(job?.name).toBe(job?.data.type);

    const definition = products.find((it) => it.product === product);
    expect(definition && productEventSchema(definition).safeParse(job?.data).error).toBeUndefined();
    const validate = validators.get(product ?? '');
    expect([validate?.(job?.data), validate?.errors]).toEqual([true, null]);
  });

  it('without a product is unrecognized at any address except that of eKYC', async () => {
    const unlisted = samples.filter(({ product }) => product === null);
    expect(unlisted.map(({ name }) => name)).toEqual(['unlisted.wallet.user.kyc.approved']);
    const body = signedSample(unlisted[0] as (typeof unlisted)[0]);
    const { publicUrl, namespace } = await startTestService({ env });
    expect((await post(`${publicUrl}/callbacks/payout`, body)).status).toBe(200);
    expect(await waitingEvents(namespace, 'unrecognized')).toMatchObject([
      {
        type: 'com.paycools.unrecognized',
        data: {
          product: 'payout',
          reason: 'eventName: is not one that PayCools documents',
          provider: { eventName: 'wallet.user.kyc.approved' },
          body,
        },
      },
    ]);
  });

  it('without a product is an approved check at the address of eKYC', async () => {
    const [unlisted] = samples.filter(({ product }) => product === null);
    const { publicUrl, namespace } = await startTestService({ env });
    await post(`${publicUrl}/callbacks/ekyc`, signedSample(unlisted as NonNullable<typeof unlisted>));
    expect(await waitingEvents(namespace, 'ekyc')).toMatchObject([
      {
        type: 'com.paycools.ekyc.approved',
        subject: '1095595801938341100',
        data: {
          provider: { eventName: 'wallet.user.kyc.approved', status: 'Approved' },
          details: { userId: '1095595801938341100', requestId: null },
          raw: { accountNo: '2200636699666629' },
        },
      },
    ]);
  });
});
