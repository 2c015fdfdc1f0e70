import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint } from '../client/endpoints/definition.ts';
import { endpointList } from '../client/endpoints/table.ts';
import { type Answer, refuse } from './answer.ts';
import { checkParameters } from './check-parameters.ts';
import { type AnyHandler, handlerOf } from './handlers/table.ts';
import type { SandboxSettings } from './options.ts';
import { readRequest } from './read-request.ts';
import type { World } from './world.ts';

/** Success codes as they were seen: menu 9 says 1, menu 10 and 11 say 10000 (PAYCOOLS.md 8.1). */
const SUCCESS_BY_MENU: Readonly<Record<string, number>> = { '9': 1, '10': 10_000, '11': 10_000 };
const successCode = ({ menu }: Endpoint): number => SUCCESS_BY_MENU[menu.split('.')[0] ?? ''] ?? 1000;

const overridden = (
  endpoint: Endpoint,
  override: SandboxSettings['paths'][keyof SandboxSettings['paths']],
): Endpoint => {
  if (override === undefined) return endpoint;
  return { ...endpoint, ...(typeof override === 'string' ? { path: override } : override) };
};

/** Counts requests of the second that is running. */
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
  readonly endpoint: Endpoint;
  readonly handler: AnyHandler;
  readonly world: World;
  readonly isTooMuch: () => boolean;
};

const replyTo = ({ endpoint, handler, world, isTooMuch }: Serving, request: FastifyRequest): Answer => {
  const incoming = {
    query: new URL(request.url, 'http://sandbox').searchParams,
    body: typeof request.body === 'string' ? request.body : '',
    path: request.params as Readonly<Record<string, string>>,
  };
  const read = readRequest(endpoint, incoming, world.settings);
  if (!read.ok) return read.error;
  if (isTooMuch()) return refuse(1013);
  const checked = checkParameters(endpoint, read.value);
  return checked.ok ? handler(checked.value, world) : checked.error;
};

/** Once the reply is out, or its connection is gone: so a callback does not come before the reply. */
const runAfter = (after: () => void, reply: FastifyReply, world: World): void => {
  const happened = world.courier.expect();
  reply.raw.once('close', () => {
    after();
    happened();
  });
};

const sendAnswer = (
  { endpoint, world }: Serving,
  { code, message, data, after, isLost }: Answer,
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

const serveOne = (serving: Serving, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const error = chanceOfError(serving.world);
  if (error === 'proxy') return reply.code(502).type('text/html').send('<html><h1>502 Bad Gateway</h1></html>');
  const answer = error === null ? replyTo(serving, request) : refuse(error === 'throttled' ? 1013 : 1018);
  return sendAnswer(serving, answer, reply);
};

/** Puts every call of the endpoints table on the server. */
export const addRoutes = (app: FastifyInstance, world: World): void => {
  const isTooMuch = createMeter(world.settings);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => done(null, body));
  for (const { call, endpoint: documented } of endpointList) {
    const endpoint = overridden(documented, world.settings.paths[call]);
    const serving: Serving = { endpoint, handler: handlerOf(call), world, isTooMuch };
    app.route({
      method: endpoint.http,
      url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => serveOne(serving, request, reply),
    });
  }
};
