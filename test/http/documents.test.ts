import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { problems } from '../../src/core/problems.ts';
import { products } from '../../src/products/registry.ts';
import { startTestService } from '../support/service.ts';

const fetchJson = async (path: string): Promise<Record<string, unknown>> => {
  const { opsUrl } = await startTestService();
  const answer = await fetch(`${opsUrl}${path}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  return (await answer.json()) as Record<string, unknown>;
};

const asyncApiSchema = (): object =>
  JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8'),
  );

describe('/openapi.json', () => {
  it('is valid OpenAPI 3.1 with every address and every reply', async () => {
    const document = await fetchJson('/openapi.json');
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
    const paths = document['paths'] as Record<string, { post?: { responses: object } }>;
    expect(Object.keys(paths)).toEqual([
      '/callbacks',
      '/callbacks/{product}',
      '/merchants/{merchant}/callbacks',
      '/merchants/{merchant}/callbacks/{product}',
      '/healthz',
    ]);
    expect(Object.keys(paths['/callbacks']?.post?.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '413',
      '415',
      '429',
      '503',
    ]);
    expect(Object.values(problems).map(({ status }) => status)).toContain(429);
  });
});

describe('/asyncapi.json', () => {
  it('is valid AsyncAPI 3 with every queue and the schema of its events', async () => {
    const document = await fetchJson('/asyncapi.json');
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(asyncApiSchema());
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(Object.keys(document['channels'] as object)).toEqual([
      ...products.map(({ product }) => product),
      'unrecognized',
      'findings',
      'payment-verification',
    ]);
    expect(JSON.stringify(document)).toContain('com.paycools.direct-debit.authorization.activated');
  });
});
