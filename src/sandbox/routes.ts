import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Endpoint, withOverride } from '../client/endpoints/definition.ts';
import { type CallName, endpointList } from '../client/endpoints/table.ts';
import { checkParameters } from './check-parameters.ts';
import { type AnyHandler, handlerOf } from './handlers/table.ts';
import { readRequest } from './read-request.ts';
import { requestedRefusal } from './refusals.ts';
import { type Reply, refuse } from './reply.ts';
import type { SandboxSettings } from './settings.ts';
import type { World } from './world.ts';

/** Success codes as seen in replies: 1 for menu 9, 10000 for menus 10 and 11 (docs/paycools.md 8.1). */
const SUCCESS_BY_MENU: Readonly<Record<string, number>> = { '9': 1, '10': 10_000, '11': 10_000 };
const successCode = ({ menu }: Endpoint): number => SUCCESS_BY_MENU[menu.split('.')[0] ?? ''] ?? 1000;

/** Returns a function that counts a request, and reports whether the limit of the current second is exceeded. */
const createRateLimit = ({ now, requestsPerSecond }: SandboxSettings): (() => boolean) => {
  let second = 0;
  let count = 0;
  return () => {
    const current = Math.floor(now() / 1000);
    count = current === second ? count + 1 : 1;
    second = current;
    return count > requestsPerSecond;
  };
};

const chaosErrors = ['throttled', 'transient', 'proxy'] as const;

const rollError = ({ chance, settings }: World): (typeof chaosErrors)[number] | null => {
  if (chance('error') >= settings.chaos.error) return null;
  return chaosErrors[Math.floor(chance('which error') * chaosErrors.length)] ?? null;
};

type Route = {
  readonly call: CallName;
  readonly endpoint: Endpoint;
  readonly handler: AnyHandler;
  readonly world: World;
  readonly isOverLimit: () => boolean;
};

type Parameters = Readonly<Record<string, unknown>>;

/** A reply and the order that the request names; null if it names none or could not be read. */
type RepliedRequest = { readonly reply: Reply; readonly order: string | null };

const ORDERS = ['mchOrderId', 'mchRefundOrderId', 'requestId', 'transactionId', 'originalTransactionId'];

const orderOf = (parameters: Parameters): string | null => {
  const order = ORDERS.map((name) => parameters[name]).find((value) => value !== undefined);
  return order === undefined ? null : String(order);
};

const handle = ({ endpoint, handler, world }: Route, parameters: Parameters): Reply => {
  const checked = checkParameters(endpoint, parameters);
  if (!checked.ok) return checked.error;
  const requested = endpoint.effect === 'create' ? requestedRefusal(parameters) : null;
  return requested === null ? handler(checked.value, world) : refuse(requested);
};

const replyTo = (route: Route, request: FastifyRequest): RepliedRequest => {
  const incoming = {
    query: new URL(request.url, 'http://sandbox').searchParams,
    body: typeof request.body === 'string' ? request.body : '',
    path: request.params as Readonly<Record<string, string>>,
  };
  const parameters = readRequest(route.endpoint, incoming, route.world.settings);
  if (!parameters.ok) return { reply: parameters.error, order: null };
  const reply = route.isOverLimit() ? refuse(1013) : handle(route, parameters.value);
  return { reply, order: orderOf(parameters.value) };
};

/** Runs `after` once the connection is done with the reply, so that no callback arrives before it. */
const runAfterReply = (after: () => void, reply: FastifyReply, world: World): void => {
  const done = world.sender.expect();
  reply.raw.once('close', () => {
    after();
    done();
  });
};

const sendReply = (
  { endpoint, world }: Route,
  { code, message, data, after, isLost }: Reply,
  reply: FastifyReply,
): FastifyReply => {
  if (after !== undefined) runAfterReply(after, reply, world);
  if (isLost === true) {
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  return reply.send({ code: code ?? successCode(endpoint), message, data });
};

const logReply = ({ call, endpoint, world }: Route, { reply, order }: RepliedRequest): void => {
  const code = reply.isLost === true ? null : (reply.code ?? successCode(endpoint));
  const message = reply.isLost === true ? 'carried out, but the reply is lost' : reply.message;
  world.settings.log({ kind: 'request', call, order, code, message });
};

const htmlPage = (reply: FastifyReply, status: number, title: string): FastifyReply =>
  reply.code(status).type('text/html').send(`<html><h1>${status} ${title}</h1></html>`);

/** Fails a request before it is read, because of an outage or chaos; returns null if it is not to fail. */
const simulateFailure = ({ call, world }: Route, reply: FastifyReply): FastifyReply | null => {
  const { outage } = world.conditions;
  const error = outage === 'none' ? rollError(world) : null;
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

const simulateLatency = ({ conditions, sender }: World): Promise<void> | null =>
  conditions.latencyMs === 0 ? null : new Promise((resolve) => sender.later(conditions.latencyMs, resolve));

const serve = async (route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  await simulateLatency(route.world);
  const failed = simulateFailure(route, reply);
  if (failed !== null) return failed;
  const replied = replyTo(route, request);
  logReply(route, replied);
  return sendReply(route, replied.reply, reply);
};

/** Adds a route for every call of the endpoints table. */
export const addRoutes = (app: FastifyInstance, world: World): void => {
  const isOverLimit = createRateLimit(world.settings);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => done(null, body));
  for (const { call, endpoint: documented } of endpointList) {
    const endpoint = withOverride(documented, world.settings.paths[call]);
    const route: Route = { call, endpoint, handler: handlerOf(call), world, isOverLimit };
    app.route({
      method: endpoint.http,
      url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => serve(route, request, reply),
    });
  }
};
