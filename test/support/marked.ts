import { generateKeyPairSync } from 'node:crypto';
import { post, sign } from './callback.ts';
import { type Collector, startCollector } from './collector.ts';
import { openNamespace } from './namespace.ts';
import { run } from './process.ts';
import { serviceEnv, untilReady } from './service.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const merchantPublicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();

/** What must never be written anywhere: each of these can be found again wherever it comes out. */
export const SECRETS = {
  secret: 'mark-callback-secret',
  secretBefore: 'mark-former-secret',
  redisPassword: 'mark-redis-password',
  collectorKey: 'mark-collector-key',
  privateKey: pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
} as const;

export const PERSONAL = {
  name: 'Mark Dela Cruz',
  email: 'mark.delacruz@example.test',
  mobile: '09175550199',
  card: '4111 1111 1111 1111',
  payToken: 'mark-pay-token',
  address: '7 Mark Street',
  remark: 'mark-remark',
  text: 'mark-text',
} as const;

/** Where in a text a mark is, with what surrounds it; nothing where it is clean. */
export const leaksIn = (written: string): string[] =>
  Object.values({ ...SECRETS, ...PERSONAL }).flatMap((mark) => {
    const at = written.indexOf(mark);
    return at < 0 ? [] : [`…${written.slice(Math.max(0, at - 300), at + mark.length + 50)}…`];
  });

/** The fields of a callback, with personal data of every kind in fields that PayCools has and that it might add. */
export const personal = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...fields,
  remark: `${PERSONAL.remark} ${PERSONAL.card}`,
  customerName: PERSONAL.name,
  email: PERSONAL.email,
  mobile: PERSONAL.mobile,
  payToken: PERSONAL.payToken,
  address: PERSONAL.address,
  failedMessage: PERSONAL.text,
});

export const signMarked = (fields: Readonly<Record<string, unknown>>): string => sign(personal(fields), SECRETS.secret);

/** Headers that a caller may send, and that may be secrets or anything. */
const HEADERS = {
  authorization: `Bearer ${PERSONAL.text}`,
  cookie: `session=${PERSONAL.text}`,
  'user-agent': PERSONAL.text,
  'x-forwarded-for': PERSONAL.text,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: `vendor=${PERSONAL.text}`,
  baggage: `user=${PERSONAL.text}`,
};

export type MarkedOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** False for a service that cannot become ready. */
  readonly waitsForReady?: boolean;
};

/** The service as a process that writes as much as it can, its configuration and its callers full of marks. */
export const startMarked = async ({ env = {}, waitsForReady = true }: MarkedOptions = {}) => {
  const namespace = openNamespace();
  const collector = await startCollector();
  const service = run({
    command: process.execPath,
    args: ['src/main.ts'],
    env: {
      ...serviceEnv(namespace),
      PAYCOOLS_CALLBACK_SECRET: SECRETS.secret,
      PAYCOOLS_CALLBACK_SECRET_PREVIOUS: SECRETS.secretBefore,
      LOG_LEVEL: 'trace',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${SECRETS.collectorKey}`,
      ...env,
    },
  });
  const { publicUrl = '', opsUrl = '' } = JSON.parse(await service.line(/"msg":"listening"/)) as Record<string, string>;
  if (waitsForReady) await untilReady(opsUrl);
  const answers: string[] = [];
  const send = async (path: string, body: string | Uint8Array, headers = {}): Promise<number> => {
    const answer = await post(`${publicUrl}${path}`, body, { ...HEADERS, ...headers });
    answers.push(answer.body, ...[...answer.headers].flat());
    return answer.status;
  };
  return {
    ...service,
    namespace,
    publicUrl,
    opsUrl,
    send,
    written: () => allOf({ ...service, opsUrl, answers, collector }),
  };
};

type Writer = {
  readonly lines: readonly string[];
  readonly opsUrl: string;
  readonly answers: readonly string[];
  readonly collector: Collector;
  readonly child: { kill(signal: 'SIGTERM'): boolean };
  readonly ended: Promise<number | string>;
};

/** Ends the service and gives all that it wrote: log, standard error, answers, metrics, readiness and traces. */
const allOf = async ({ lines, opsUrl, answers, collector, child, ended }: Writer): Promise<string> => {
  const pages = await Promise.all(
    ['/metrics', '/readyz'].map(async (path) => (await fetch(`${opsUrl}${path}`)).text()),
  );
  child.kill('SIGTERM');
  await ended;
  return [...lines, ...answers, ...pages, ...collector.bodies.map(String)].join('\n');
};

/** How many callbacks ended how, as `/metrics` counts them. */
/** The reasons of requests that never became a callback, in the metrics. */
export const refusalsIn = (written: string): string[] =>
  [...written.matchAll(/^paycools_http_refusals_total\{reason="([a-z]+)"\} [1-9]/gm)]
    .map(([, it]) => it ?? '')
    .toSorted();

export const outcomesIn = (written: string): string[] => [
  ...new Set(
    [...written.matchAll(/^paycools_callbacks_total\{.*outcome="([a-z]+)"\} [1-9]/gm)].map(([, it]) => it ?? ''),
  ),
];
