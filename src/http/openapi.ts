import { type ProblemCode, problemOf, problems } from '../core/problems.ts';

type Json = Readonly<Record<string, unknown>>;

/** Problems that a client of this description does not cause, or never sees. */
const UNLISTED: ReadonlySet<ProblemCode> = new Set([
  'headers-too-large',
  'internal',
  'method-not-allowed',
  'request-timeout',
]);

const problemResponse = (code: ProblemCode): Json => ({
  description: problems[code].title,
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      example: problemOf(code, '5c0fd8f5-0a4b-4f1e-9a5c-0f2d1f6a7b11'),
    },
  },
});

const problemResponses = (): Json =>
  Object.fromEntries(
    (Object.keys(problems) as ProblemCode[])
      .filter((code) => !UNLISTED.has(code))
      .map((code) => [String(problems[code].status), problemResponse(code)]),
  );

const callbackOperation = (operationId: string, summary: string): Json => ({
  operationId,
  summary,
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: { oneOf: [{ $ref: '#/components/schemas/FlatCallback' }, { $ref: '#/components/schemas/Envelope' }] },
      },
    },
  },
  responses: {
    200: {
      description: 'Stored durably now or earlier, or the reply to a payment verification.',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Acknowledgement' } } },
    },
    ...problemResponses(),
  },
});

const parameter = (name: string, schema: Json): Json => ({ name, in: 'path', required: true, schema });

const schemas: Json = {
  FlatCallback: {
    type: 'object',
    description: 'The members of a callback as a flat object, with their signature (sha1-secret).',
    required: ['sign'],
    properties: { eventName: { type: 'string' }, sign: { type: 'string', pattern: '^[0-9a-fA-F]{40}$' } },
    additionalProperties: true,
  },
  Envelope: {
    type: 'object',
    description: 'The members of a callback as JSON text, with its signature (rsa-envelope).',
    required: ['param', 'sign'],
    properties: { param: { type: 'string' }, sign: { type: 'string', contentEncoding: 'base64' } },
    additionalProperties: false,
  },
  Acknowledgement: {
    type: 'object',
    description: 'What PayCools expects to read; it can be configured for each merchant.',
    required: ['code'],
    properties: {
      code: { type: 'integer' },
      msg: { type: 'string' },
      message: { type: 'string' },
      data: { type: 'object' },
    },
  },
  Problem: {
    type: 'object',
    description: 'RFC 9457. It never says why a signature failed, and echoes nothing from the request.',
    required: ['type', 'title', 'status', 'requestId'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      requestId: { type: 'string' },
    },
  },
};

export type OpenApiOptions = { readonly products: readonly string[]; readonly version: string };

/** OpenAPI 3.1 of the public listener. */
export const openApiDocument = ({ products, version }: OpenApiOptions): Json => {
  const product = parameter('product', { type: 'string', enum: products });
  const merchant = parameter('merchant', { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]{0,63}$' });
  return {
    openapi: '3.1.0',
    info: {
      title: 'paycools-webhooks: public listener',
      version,
      description: 'The addresses that PayCools calls. The signature is in the body.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: {
      '/callbacks': {
        post: callbackOperation('receive', 'A callback for the merchant `default`; its event name decides the product'),
      },
      '/callbacks/{product}': {
        parameters: [product],
        post: callbackOperation('receiveProduct', 'A callback for the merchant `default`'),
      },
      '/merchants/{merchant}/callbacks': {
        parameters: [merchant],
        post: callbackOperation(
          'receiveForMerchant',
          'A callback for one of several merchants; its event name decides the product',
        ),
      },
      '/merchants/{merchant}/callbacks/{product}': {
        parameters: [merchant, product],
        post: callbackOperation('receiveProductForMerchant', 'A callback for one of several merchants'),
      },
      '/healthz': {
        get: {
          operationId: 'health',
          summary: 'Whether the process responds',
          responses: {
            200: {
              description: 'It responds.',
              content: { 'application/json': { schema: { type: 'object', properties: { status: { const: 'ok' } } } } },
            },
          },
        },
      },
    },
    components: { schemas },
  };
};
