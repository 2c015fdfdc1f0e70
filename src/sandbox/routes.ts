import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Endpoint, withOverride } from '../client/endpoints/definition.ts';
import { type CallName, endpointList } from '../client/endpoints/table.ts';
import { checkParameters } from './check-parameters.ts';
import { type AnyHandler, handlerOf } from './handlers/table.ts';
import { readRequest } from './read-request.ts';
import { askedRefusal } from './refusals.ts';
import { type Reply, refuse } from './reply.ts';
import type { SandboxSettings } from './settings.ts';
import type { World } from './world.ts';

/** Success codes as observed: 1 for menu 9, 10000 for menus 10 and 11 (PAYCOOLS.md 8.1). */
const SUCCESS_BY_MENU: Readonly<Record<string, number>> = { '9': 1, '10': 10_000, '11': 10_000 };
const successCode = ({ menu }: Endpoint): number => SUCCESS_BY_MENU[menu.split('.')[0] ?? ''] ?? 1000;

/** Counts the requests of the current second. */
const createMeter = ({ now, requestsPerSecond }: SandboxSettings): (() => boolean) => {
  let second = 0;
  let count = 0;
  return () => {
    const current = Math.floor(now() / 1000);
    count = current === second ? count + 1 : 1;
    second = current;
    return count > requestsPerSecond;
  };
};

type ErrorOfChance = 'throttled' | 'transient' | 'proxy';

const chanceOfError = ({ chance, settings }: World): ErrorOfChance | null => {
  if (chance('error') >= settings.chaos.error) return null;
  return (['throttled', 'transient', 'proxy'] as const)[Math.floor(chance('which error') * 3)] ?? null;
};

type Serving = {
  readonly call: CallName;
  readonly endpoint: Endpoint;
  readonly handler: AnyHandler;
  readonly world: World;
  readonly isOverLimit: () => boolean;
};

type Given = Readonly<Record<string, unknown>>;

/** A reply, and the order that the request names as far as it could be read. */
type Replied = { readonly reply: Reply; readonly order: string | null };

const ORDERS = ['mchOrderId', 'mchRefundOrderId', 'requestId', 'transactionId', 'originalTransactionId'];

const orderOf = (given: Given): string | null => {
  const found = ORDERS.map((name) => given[name]).find((value) => value !== undefined);
  return found === undefined ? null : String(found);
};

const handle = ({ endpoint, handler, world }: Serving, given: Given): Reply => {
  const checked = checkParameters(endpoint, given);
  if (!checked.ok) return checked.error;
  const asked = endpoint.effect === 'create' ? askedRefusal(given) : null;
  return asked === null ? handler(checked.value, world) : refuse(asked);
};

const replyTo = (serving: Serving, request: FastifyRequest): Replied => {
  const incoming = {
    query: new URL(request.url, 'http://sandbox').searchParams,
    body: typeof request.body === 'string' ? request.body : '',
    path: request.params as Readonly<Record<string, string>>,
  };
  const read = readRequest(serving.endpoint, incoming, serving.world.settings);
  if (!read.ok) return { reply: read.error, order: null };
  const order = orderOf(read.value);
  return { reply: serving.isOverLimit() ? refuse(1013) : handle(serving, read.value), order };
};

/** Runs once the reply has been sent or its connection is closed, so that no callback arrives before the reply. */
const runAfter = (after: () => void, reply: FastifyReply, world: World): void => {
  const happened = world.sender.expect();
  reply.raw.once('close', () => {
    after();
    happened();
  });
};

const sendReply = (
  { endpoint, world }: Serving,
  { code, message, data, after, isLost }: Reply,
  reply: FastifyReply,
): FastifyReply => {
  if (after !== undefined) runAfter(after, reply, world);
  if (isLost === true) {
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  return reply.send({ code: code ?? successCode(endpoint), message, data });
};

const logReply = ({ call, endpoint, world }: Serving, { reply, order }: Replied): void => {
  const code = reply.isLost === true ? null : (reply.code ?? successCode(endpoint));
  const message = reply.isLost === true ? 'carried out, but the reply is lost' : reply.message;
  world.settings.log({ kind: 'request', call, order, code, message });
};

const htmlPage = (reply: FastifyReply, status: number, title: string): FastifyReply =>
  reply.code(status).type('text/html').send(`<html><h1>${status} ${title}</h1></html>`);

/** Fails a request before it is read, by an outage or by chaos; null where there is neither. */
const failBefore = ({ call, world }: Serving, reply: FastifyReply): FastifyReply | null => {
  const { outage } = world.conditions;
  const error = outage === 'none' ? chanceOfError(world) : null;
  if (outage === 'none' && error === null) return null;
  const refusal = error === 'throttled' ? refuse(1013) : refuse(1018);
  const isPage = outage !== 'none' || error === 'proxy';
  const message = outage === 'none' ? `chaos: ${isPage ? 'HTTP 502' : refusal.message}` : `outage: ${outage}`;
  world.settings.log({ kind: 'request', call, order: null, code: isPage ? null : refusal.code, message });
  if (outage === 'silent') return reply.hijack();
  if (outage === 'unavailable') return htmlPage(reply, 503, 'Service Unavailable');
  if (isPage) return htmlPage(reply, 502, 'Bad Gateway');
  return reply.send({ code: refusal.code, message: refusal.message, data: null });
};

const waitFor = ({ conditions, sender }: World): Promise<void> | null =>
  conditions.latencyMs === 0 ? null : new Promise((resolve) => sender.later(conditions.latencyMs, resolve));

const serveOne = async (serving: Serving, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  await waitFor(serving.world);
  const failed = failBefore(serving, reply);
  if (failed !== null) return failed;
  const replied = replyTo(serving, request);
  logReply(serving, replied);
  return sendReply(serving, replied.reply, reply);
};

/** Adds a route for every call of the endpoints table. */
export const addRoutes = (app: FastifyInstance, world: World): void => {
  const isOverLimit = createMeter(world.settings);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => done(null, body));
  for (const { call, endpoint: documented } of endpointList) {
    const endpoint = withOverride(documented, world.settings.paths[call]);
    const serving: Serving = { call, endpoint, handler: handlerOf(call), world, isOverLimit };
    app.route({
      method: endpoint.http,
      url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => serveOne(serving, request, reply),
    });
  }
};
