import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint } from '../client/endpoints/definition.ts';
import { endpointList } from '../client/endpoints/table.ts';
import { checkParameters } from './check-parameters.ts';
import { type AnyHandler, handlerOf } from './handlers/table.ts';
import type { SandboxSettings } from './options.ts';
import { readRequest } from './read-request.ts';
import { type Reply, refuse } from './reply.ts';
import type { World } from './world.ts';

/** Success codes as observed: 1 for menu 9, 10000 for menus 10 and 11 (PAYCOOLS.md 8.1). */
const SUCCESS_BY_MENU: Readonly<Record<string, number>> = { '9': 1, '10': 10_000, '11': 10_000 };
const successCode = ({ menu }: Endpoint): number => SUCCESS_BY_MENU[menu.split('.')[0] ?? ''] ?? 1000;

const overridden = (
  endpoint: Endpoint,
  override: SandboxSettings['paths'][keyof SandboxSettings['paths']],
): Endpoint => {
  if (override === undefined) return endpoint;
  return { ...endpoint, ...(typeof override === 'string' ? { path: override } : override) };
};

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
  readonly endpoint: Endpoint;
  readonly handler: AnyHandler;
  readonly world: World;
  readonly isOverLimit: () => boolean;
};

const replyTo = ({ endpoint, handler, world, isOverLimit }: Serving, request: FastifyRequest): Reply => {
  const incoming = {
    query: new URL(request.url, 'http://sandbox').searchParams,
    body: typeof request.body === 'string' ? request.body : '',
    path: request.params as Readonly<Record<string, string>>,
  };
  const read = readRequest(endpoint, incoming, world.settings);
  if (!read.ok) return read.error;
  if (isOverLimit()) return refuse(1013);
  const checked = checkParameters(endpoint, read.value);
  return checked.ok ? handler(checked.value, world) : checked.error;
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

const serveOne = (serving: Serving, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const error = chanceOfError(serving.world);
  if (error === 'proxy') return reply.code(502).type('text/html').send('<html><h1>502 Bad Gateway</h1></html>');
  const result = error === null ? replyTo(serving, request) : refuse(error === 'throttled' ? 1013 : 1018);
  return sendReply(serving, result, reply);
};

/** Adds a route for every call of the endpoints table. */
export const addRoutes = (app: FastifyInstance, world: World): void => {
  const isOverLimit = createMeter(world.settings);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => done(null, body));
  for (const { call, endpoint: documented } of endpointList) {
    const endpoint = overridden(documented, world.settings.paths[call]);
    const serving: Serving = { endpoint, handler: handlerOf(call), world, isOverLimit };
    app.route({
      method: endpoint.http,
      url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => serveOne(serving, request, reply),
    });
  }
};
