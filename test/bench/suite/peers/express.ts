// Peer (a): the handler that a merchant would write by hand, with Express.
import express from 'express';
import { ACKNOWLEDGEMENT, isGenuine, openQueue, settings } from './by-hand.ts';

const queue = openQueue();
const app = express();
app.use(express.json());
app.post('/callbacks/:product', async (request, response) => {
  if (!isGenuine(request.body)) {
    response.status(401).end();
    return;
  }
  await queue.add(request.body.eventName, request.body);
  response.json(ACKNOWLEDGEMENT);
});
app.listen(settings.port, '127.0.0.1');
