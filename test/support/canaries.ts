import { generateKeyPairSync } from 'node:crypto';
import { post, sign } from './callback.ts';
import { startCollector } from './collector.ts';
import { type ServiceProcessOptions, startServiceProcess } from './service-process.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const merchantPublicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();

/** Secrets, each a text that can be recognized wherever it is written. */
export const SECRETS = {
  secret: 'canary-callback-secret',
  secretBefore: 'canary-former-secret',
  redisPassword: 'canary-redis-password',
  collectorKey: 'canary-collector-key',
  privateKey: pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
} as const;

/** Personal data, recognizable in the same way. */
export const PERSONAL = {
  name: 'Mark Dela Cruz',
  email: 'mark.delacruz@example.test',
  mobile: '09175550199',
  card: '4111 1111 1111 1111',
  payToken: 'canary-pay-token',
  address: '7 Mark Street',
  remark: 'canary-remark',
  text: 'canary-text',
} as const;

/** Every canary in a text, with its surroundings. */
export const findLeaks = (written: string): string[] =>
  Object.values({ ...SECRETS, ...PERSONAL }).flatMap((canary) => {
    const at = written.indexOf(canary);
    return at < 0 ? [] : [`…${written.slice(Math.max(0, at - 300), at + canary.length + 50)}…`];
  });

/** The fields of a callback with personal data in fields that PayCools has and in fields that it might add. */
export const withPersonalData = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...fields,
  remark: `${PERSONAL.remark} ${PERSONAL.card}`,
  customerName: PERSONAL.name,
  email: PERSONAL.email,
  mobile: PERSONAL.mobile,
  payToken: PERSONAL.payToken,
  address: PERSONAL.address,
  failedMessage: PERSONAL.text,
});

export const signCanary = (fields: Readonly<Record<string, unknown>>): string =>
  sign(withPersonalData(fields), SECRETS.secret);

/** Headers that a caller may send, with content that may be secret. */
const HEADERS = {
  authorization: `Bearer ${PERSONAL.text}`,
  cookie: `session=${PERSONAL.text}`,
  'user-agent': PERSONAL.text,
  'x-forwarded-for': PERSONAL.text,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: `vendor=${PERSONAL.text}`,
  baggage: `user=${PERSONAL.text}`,
};

/** Starts the service with canaries in its environment and its callers' headers, and with all the output that it has. */
export const startCanaryService = async ({ env = {}, ...options }: ServiceProcessOptions = {}) => {
  const collector = await startCollector();
  const service = await startServiceProcess({
    ...options,
    env: {
      PAYCOOLS_CALLBACK_SECRET: SECRETS.secret,
      PAYCOOLS_CALLBACK_SECRET_PREVIOUS: SECRETS.secretBefore,
      LOG_LEVEL: 'trace',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${SECRETS.collectorKey}`,
      ...env,
    },
  });
  const replies: string[] = [];
  const send = async (path: string, body: string | Uint8Array, headers = {}): Promise<number> => {
    const reply = await post(`${service.publicUrl}${path}`, body, { ...HEADERS, ...headers });
    replies.push(reply.body, ...[...reply.headers].flat());
    return reply.status;
  };
  /** Stops the service and returns all of its output: log, standard error, replies, metrics, readiness and traces. */
  const stopAndReadAll = async (): Promise<string> => {
    const pages = await Promise.all(
      ['/metrics', '/readyz'].map(async (path) => (await fetch(`${service.opsUrl}${path}`)).text()),
    );
    await service.stop();
    return [...service.lines, ...replies, ...pages, ...collector.bodies.map(String)].join('\n');
  };
  return { ...service, send, stopAndReadAll };
};

/** The reasons for which requests were refused before they became callbacks, from the metrics. */
export const refusalsIn = (written: string): string[] =>
  [...written.matchAll(/^paycools_http_refusals_total\{reason="([a-z]+)"\} [1-9]/gm)]
    .map(([, reason = '']) => reason)
    .toSorted();

/** The outcomes of callbacks, from the metrics. */
const outcomesIn = (written: string): string[] => [
  ...new Set(
    [...written.matchAll(/^paycools_callbacks_total\{.*outcome="([a-z]+)"\} [1-9]/gm)].map(
      ([, outcome = '']) => outcome,
    ),
  ),
];

/** Leaks in the output of the service, and the outcomes of callbacks in its metrics. */
export const inspect = (written: string) => ({ leaks: findLeaks(written), outcomes: outcomesIn(written).toSorted() });
