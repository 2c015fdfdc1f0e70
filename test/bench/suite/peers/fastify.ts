// Peer (b): the same handler with Fastify.
import Fastify from 'fastify';
import { ACKNOWLEDGEMENT, type Body, isGenuine, openQueue, settings } from './by-hand.ts';

const queue = openQueue();
const app = Fastify();
app.post<{ Body: Body }>('/callbacks/:product', async (request, reply) => {
  if (!isGenuine(request.body)) return reply.code(401).send();
  await queue.add(String(request.body['eventName']), request.body);
  return ACKNOWLEDGEMENT;
});
await app.listen({ port: settings.port, host: '127.0.0.1' });
