// Peer (c): a Fastify that answers 200 to everything: the ceiling of the HTTP stack.
import Fastify from 'fastify';
import { ACKNOWLEDGEMENT, settings } from './by-hand.ts';

const app = Fastify();
app.post('/callbacks/:product', async () => ACKNOWLEDGEMENT);
await app.listen({ port: settings.port, host: '127.0.0.1' });
