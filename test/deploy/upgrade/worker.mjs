// A worker with the consumer library in CONSUMER: prints a line for each event that it has handled.
const { createConsumer } = await import(process.env.CONSUMER);

const say = (line) => process.stdout.write(`${line}\n`);
const handle = ({ id, data }) => say(JSON.stringify({ id, transaction: data.transactionId, flags: data.flags }));
const consumer = createConsumer({
  redis: process.env.REDIS_URL,
  handlers: { payout: handle, 'virtual-account': handle },
});
process.once('SIGTERM', () => consumer.close().then(() => process.exit()));
await consumer.ready();
say('ready');
